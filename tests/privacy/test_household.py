"""世帯構成 in symbols: who there is by relation and age, each once, and nobody by name."""

import pytest

from bot.privacy.household import household_in


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("80代の父と50代の娘の二人暮らし。父は通所中。", "□80代（父）－○50代（娘）"),
        (
            "Aさん（80代）と息子のBさん（50代）の世帯です。Bさん（50代）は無職。",
            "△80代（Aさん）－□50代（息子）",
        ),
        ("本人（60代）。母親は昨年亡くなり、孫がときどき来ます。", "△60代（本人）－○（母）－△（孫）"),
        ("実母(70代・要介護3)と同居。", "○70代（母）"),
        ("息子がいる。息子（50代）は働いている。", "□50代（息子）"),
        ("母校の先生。夫婦げんか。兄弟仲。母子手帳。", ""),
        ("", ""),
    ],
)
def test_who_there_is_is_said_in_symbols(text, said):
    assert household_in(text) == said
