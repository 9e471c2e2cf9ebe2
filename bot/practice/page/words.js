/** What the page itself says, and how it says dates. */

const ZONE = "Asia/Tokyo";
const form = (options) => new Intl.DateTimeFormat("ja-JP", { timeZone: ZONE, ...options });
const TIME = form({ hour: "numeric", minute: "2-digit" });
const TIME_SECONDS = form({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = form({ month: "long", day: "numeric", weekday: "short" });
const YEAR_DAY = form({ year: "numeric", month: "long", day: "numeric", weekday: "short" });
const PLAIN_DAY = form({ year: "numeric", month: "long", day: "numeric" });
const NUMBERS = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
const YEAR = form({ year: "numeric" });

/** The instant of a message timestamp. */
export const whenOf = (ts) => new Date(Number.parseFloat(ts) * 1000);

/** 13:05 */
export const time = (date) => TIME.format(date);

/** 13:05:09 */
export const timeWithSeconds = (date) => TIME_SECONDS.format(date);

/** 2026-11-24 in Japan */
export const dayKey = (date) => NUMBERS.format(date);

/** 11月24日(火), with the year where it is another one than `now`'s */
export const day = (date, now) => (YEAR.format(date) === YEAR.format(now) ? DAY : YEAR_DAY).format(date);

/** きょう / きのう / あした, or the day */
export function nearDay(date, now) {
  const apart = Math.round((Date.parse(dayKey(date)) - Date.parse(dayKey(now))) / 86_400_000);
  return { 0: "きょう", [-1]: "きのう", 1: "あした" }[apart] ?? day(date, now);
}

const ago = (date, now) => {
  const minutes = Math.round((now - date) / 60_000);
  const [amount, tail] = [Math.abs(minutes), minutes < 0 ? "あと" : "前"];
  if (amount < 1) return "たったいま";
  if (amount < 60) return `${amount}分${tail}`;
  return amount < 1440 ? `${Math.round(amount / 60)}時間${tail}` : `${Math.round(amount / 1440)}日${tail}`;
};

/** Slack's date tokens ({date_short}, {time}, …) filled in. */
export function dateTokens(pattern, seconds, now) {
  const date = new Date(seconds * 1000);
  const pretty = nearDay(date, now);
  const table = {
    date_num: dayKey(date),
    date_slash: dayKey(date).replaceAll("-", "/"),
    date: PLAIN_DAY.format(date),
    date_short: PLAIN_DAY.format(date),
    date_long: YEAR_DAY.format(date),
    date_long_full: YEAR_DAY.format(date),
    date_long_pretty: pretty,
    date_pretty: pretty,
    date_short_pretty: pretty,
    day_divider_pretty: pretty,
    time: TIME.format(date),
    time_secs: TIME_SECONDS.format(date),
    ago: ago(date, now),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => table[name] ?? whole);
}

/** 24 KB, 1.2 MB */
export const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

export const W = {
  place: "よりそい 練習場",
  sideBySide: "となりに並べる",
  alone: "ひとりにもどす",
  traffic: "通信をみる",
  trafficClose: "通信を閉じる",
  actAs: "いまの人(切りかえる)",
  menu: "場所の一覧をひらく",
  places: "場所",
  channels: "チャンネル",
  talk: "よりそい",
  home: "ホーム",
  messages: "メッセージ",
  unread: (count) => `未読${count}件`,
  privateChannel: "非公開",
  sharedChannel: "外部と共有",
  botAwake: "よりそいは起きています",
  botResting: "よりそいは休んでいます",
  botRestingLong: "よりそいは休んでいます。動き出すと、ここから話せます。",
  lost: "練習場につながっていません。つなぎ直しています。",
  back: "つながりました。",
  clock: "練習場の時計",
  clockMove: "時計をすすめる",
  clockSteps: [
    [600, "10分すすめる"],
    [3_600, "1時間すすめる"],
    [86_400, "1日すすめる"],
    [1_209_600, "2週間すすめる"],
  ],
  clockNow: "いまの時刻にもどす",
  clockMoved: (words) => `時計をすすめました。いまは ${words} です。`,
  notReceived: "うまく受け取れませんでした。少しおいて、もう一度お試しください。",
  onlyYou: "あなただけに見えています",
  edited: "(編集済み)",
  app: "アプリ",
  replies: (count) => `${count}件の返信`,
  thread: "スレッド",
  openThread: "スレッドで返信する",
  closeThread: "スレッドを閉じる",
  more: "ほかの操作",
  messageMenu: "このメッセージでできること",
  earlier: "前のメッセージを表示",
  newFrom: "ここから未読",
  emptyTalk: "ここで、よりそいと話せます。",
  emptyTalkMore: "ここは練習場です。ほんとうの相談には届きません。何度でも、気がねなくお試しください。",
  emptyChannel: (name) => `# ${name} は、これから始まります。`,
  emptyThread: "まだ返信はありません。",
  emptyHome: "ホームは、まだ用意されていません。",
  emptyHomeMore: "よりそいが起きていると、ここに一覧や相談の入口が並びます。",
  composerTalk: "よりそいへのメッセージ",
  composerChannel: (name) => `# ${name} へのメッセージ`,
  composerThread: "このスレッドへの返信",
  send: "送信",
  sendHint: "Enter で送信、Shift + Enter で改行",
  shortcuts: "ショートカット",
  noShortcuts: "使えるショートカットは、まだありません",
  commands: "使えるコマンド",
  noCommandHere: (name) => `${name} は、スレッドでは使えません。もとの場所でお試しください。`,
  clockFixed: "この練習場の時計は、ここからは動かせません。",
  jump: "どこへ移りますか",
  jumpPlaces: "場所",
  jumpPeople: "この人になる",
  jumpNothing: "見つかりませんでした。別のことばでお試しください。",
  jumpHint: "Ctrl + K",
  close: "閉じる",
  closeAll: "すべて閉じる",
  goBack: "前の画面へもどる",
  optional: "任意",
  asked: "ご記入ください",
  askedOnly: "＊ のところだけで送れます。ほかは、あとからでも大丈夫です。",
  askedAll: "＊ のところをお書きください。",
  letters: (now, most) => `${now} / ${most}文字`,
  lettersShort: (now, least) => `${now}文字(${least}文字から)`,
  lettersOver: (over) => `あと${over}文字減らしてください`,
  choose: "お選びください",
  chooseNone: "選ばない",
  type: "文字を入れて探す",
  nothingFits: "当てはまるものがありません",
  looking: "探しています",
  remove: (name) => `${name} を外す`,
  fileHint: "ファイルを選ぶ",
  open: "開く",
  picture: "画像",
  fileOf: (kind, bytes) => [kind, bytes].filter(Boolean).join("・"),
  yes: "はい",
  no: "いいえ",
  unknownBlock: (kind) => `この部品(${kind})は、練習場ではまだ描けません。`,
  inspector: "通信",
  inspectorAll: "すべて",
  inspectorOut: "よりそい → Slack",
  inspectorIn: "Slack → よりそい",
  inspectorEmpty: "まだ通信はありません。何か送ると、ここに並びます。",
  inspectorClear: "表示を空にする",
  inspectorSent: "送ったもの",
  inspectorGot: "返ってきたもの",
  inspectorFilter: "名前でしぼる",
  statuses: { ok: "良好", acked: "受け取り", open: "つながり", closed: "切れ", late: "返事が遅い", nobody: "相手がいない", dropped: "届かず" },
  kinds: { api: "呼び出し", socket: "接続", interactive: "操作", slash_commands: "コマンド", events_api: "できごと", response_url: "あとからの返事", upload: "ファイル" },
  inspectorNone: "(なし)",
  left: "左の画面",
  right: "右の画面",
  skip: "メッセージへ移る",
  said: (name, text) => `${name}: ${text}`,
  formOpened: (title) => `「${title}」が開きました。`,
  gone: "退職された方",
  guest: "ゲスト",
  stranger: "ほかの団体",
  chartData: "数字を表で見る",
};
