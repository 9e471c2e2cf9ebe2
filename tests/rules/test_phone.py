"""Numbers to call back, from however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.phone import NotAPhone, Phone


@pytest.mark.parametrize(
    ("written", "shown", "extension"),
    [
        ("090-1234-5678", "090-1234-5678", ""),
        ("０９０ー１２３４ー５６７８", "090-1234-5678", ""),
        ("090−1234−5678", "090-1234-5678", ""),
        ("09012345678", "090-1234-5678", ""),
        (" 090 1234 5678 ", "090-1234-5678", ""),
        ("+81 90-1234-5678", "090-1234-5678", ""),
        ("+81(0)77-561-3811", "077-561-3811", ""),
        ("+81775613811", "077-561-3811", ""),
        ("0775613811", "077-561-3811", ""),
        ("077(561)3811", "077-561-3811", ""),
        ("(077) 561-3811", "077-561-3811", ""),
        ("（０７７）５６１−３８１１", "077-561-3811", ""),
        ("077の561の3811", "077-561-3811", ""),
        ("TEL：077-561-3811 内線 12", "077-561-3811", "12"),
        ("0748-12-3456（内線34）", "0748-12-3456", "34"),
        ("0748123456", "0748-12-3456", ""),
        ("0749（22）1234", "0749-22-1234", ""),
        ("0740221234", "0740-22-1234", ""),
        ("0120279338", "0120-279-338", ""),
        ("0570-064-556", "0570-064-556", ""),
        ("08001234567", "0800-123-4567", ""),
        ("0312345678", "03-1234-5678", ""),
        ("0595-12-3456", "0595-12-3456", ""),
        ("0595123456", "0595123456", ""),
        ("携帯 080 1234 5678", "080-1234-5678", ""),
        ("090-1234-5678（携帯）", "090-1234-5678", ""),
        ("☎️077-561-3811", "077-561-3811", ""),
        ("050-1234-5678", "050-1234-5678", ""),
    ],
)
def test_numbers_are_read(written, shown, extension):
    phone = Phone.parse(written)

    assert (phone.shown, phone.extension) == (shown, extension)
    assert phone.digits == shown.replace("-", "")


@pytest.mark.parametrize(
    "written",
    ["", "なし", "110", "119", "090-1234-567", "090-1234-56789", "12345", "内線12", "0000000000", "+1 212 555 1234",
     "2026年11月24日", "020-1234-5678", "123456789012", "090-1234-5678 080-1111-2222", "()", "--", "090-0234-5678",
     "taro@example.jp", "職場にかけてください", "1" * 10_000],
)  # fmt: skip
def test_what_is_none_is_refused(written):
    with pytest.raises(NotAPhone) as refused:
        Phone.parse(written)
    assert refused.value.template == "refusals/not_a_phone"
    assert not written or written not in str(refused.value)


def test_two_spellings_are_one_number_and_neither_is_printed_by_accident():
    assert Phone.parse("0775613811") == Phone.parse("（077）561-3811")
    assert "561" not in repr(Phone.parse("0775613811"))


@given(st.text())
def test_anything_is_a_number_or_refused(written):
    try:
        phone = Phone.parse(written)
    except NotAPhone:
        return
    assert phone.digits.isascii()
    assert Phone.parse(phone.shown) == Phone(phone.digits, "", phone.shown)


@given(
    st.from_regex(r"0[789]0[1-9][0-9]{7}", fullmatch=True), st.sampled_from(["", "-", " ", "−", "ー", "."])
)
def test_mobiles_are_read_with_any_separator(digits, between):
    written = between.join([digits[:3], digits[3:7], digits[7:]])

    assert Phone.parse(written).digits == digits
