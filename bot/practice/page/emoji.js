/** The few shortcodes that are written at a desk like this. Others stay as they were typed. */

const SHORTCODES = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", o: "⭕", warning: "⚠️", bell: "🔔", no_bell: "🔕",
  telephone_receiver: "📞", phone: "☎️", iphone: "📱", mobile_phone_off: "📴", fax: "📠", envelope: "✉️", email: "✉️", incoming_envelope: "📨",
  memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", page_facing_up: "📄", bookmark_tabs: "📑", books: "📚", book: "📖", open_book: "📖",
  calendar: "📆", date: "📅", spiral_calendar_pad: "🗓️", alarm_clock: "⏰", hourglass: "⌛", hourglass_flowing_sand: "⏳", clock9: "🕘",
  house: "🏠", office: "🏢", hospital: "🏥", busts_in_silhouette: "👥", bust_in_silhouette: "👤", family: "👪", handshake: "🤝", raised_hands: "🙌",
  pray: "🙏", bow: "🙇", wave: "👋", "+1": "👍", thumbsup: "👍", ok_hand: "👌", clap: "👏", eyes: "👀", ear: "👂", speech_balloon: "💬",
  thought_balloon: "💭", heart: "❤️", green_heart: "💚", blush: "😊", smile: "😄", slightly_smiling_face: "🙂", sweat_drops: "💦", tea: "🍵",
  coffee: "☕", seedling: "🌱", herb: "🌿", leaves: "🍃", cherry_blossom: "🌸", sunflower: "🌻", four_leaf_clover: "🍀", sunny: "☀️", umbrella: "☔",
  lock: "🔒", unlock: "🔓", closed_lock_with_key: "🔐", key: "🔑", link: "🔗", pushpin: "📌", round_pushpin: "📍", mag: "🔍", bulb: "💡",
  information_source: "ℹ️", question: "❓", rotating_light: "🚨", sos: "🆘", ambulance: "🚑", police_car: "🚓", fire_engine: "🚒", gear: "⚙️",
  arrows_counterclockwise: "🔄", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", back: "🔙", new: "🆕", star: "⭐",
  tada: "🎉", car: "🚗", bar_chart: "📊", chart_with_upwards_trend: "📈", mortar_board: "🎓", school: "🏫", dog: "🐶", zap: "⚡",
  red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫",
  small_blue_diamond: "🔹", small_orange_diamond: "🔸", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", sparkles: "✨",
};

/** The sign for a shortcode, or null. */
export const emoji = (name) => SHORTCODES[name] ?? null;

/** Plain text with its shortcodes shown. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => SHORTCODES[name] ?? whole);
