"""The words that a reader of each script would expect, and the warning where a script does not separate them."""

import pickle
import re
import unicodedata
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn import WORD_PATTERN, CooccurrenceCounter, GloVeVectorizer
from glove_sklearn._text.scripts import count_clauses, warn_of_clauses
from glove_sklearn.cli.main import main

#: A sentence in each script, and the words in it, separated by spaces. Where a script has no spaces, the "words" are its clauses.
SENTENCES = {
    "Hindi": ("राम ने सीता को फूल दिया। क्या हिन्दी सरल है?", "राम ने सीता को फूल दिया क्या हिन्दी सरल है"),
    "Bengali": ("আমি বাংলায় গান গাই, আমি বাংলার গান গাই।", "আমি বাংলায় গান গাই আমি বাংলার গান গাই"),
    "Punjabi": ("ਪੰਜਾਬੀ ਬੋਲੀ ਮਿੱਠੀ ਹੈ।", "ਪੰਜਾਬੀ ਬੋਲੀ ਮਿੱਠੀ ਹੈ"),
    "Gujarati": ("મારું નામ મીરાં છે.", "મારું નામ મીરાં છે"),
    "Tamil": ("யாதும் ஊரே, யாவரும் கேளிர்.", "யாதும் ஊரே யாவரும் கேளிர்"),
    "Telugu": ("దేశ భాషలందు తెలుగు లెస్స.", "దేశ భాషలందు తెలుగు లెస్స"),
    "Kannada": ("ಕನ್ನಡ ನಮ್ಮ ಭಾಷೆ!", "ಕನ್ನಡ ನಮ್ಮ ಭಾಷೆ"),
    "Malayalam, chillu letters": ("അവൻ വന്നു, ഞാൻ പോയി.", "അവൻ വന്നു ഞാൻ പോയി"),
    "Malayalam, joiners": ("അവന്\u200d വന്നു, ഞാന്\u200d പോയി.", "അവന്\u200d വന്നു ഞാന്\u200d പോയി"),
    "Sinhala": ("ශ්\u200dරී ලංකාව ලස්සනයි.", "ශ්\u200dරී ලංකාව ලස්සනයි"),
    "Nepali": ("नेपाल सुन्दर देश हो।", "नेपाल सुन्दर देश हो"),
    "Tibetan": ("བོད་སྐད་ཡིན།", "བོད སྐད ཡིན"),
    "Arabic": ("ذهب الولد إلى المدرسة، ثم عاد.", "ذهب الولد إلى المدرسة ثم عاد"),
    "vocalised Arabic": ("بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ", "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ"),
    "Persian": ("می\u200cخواهم کتاب\u200cهای او را بخوانم.", "می\u200cخواهم کتاب\u200cهای او را بخوانم"),
    "Urdu": ("میں اُردو بولتا ہوں۔", "میں اُردو بولتا ہوں"),
    "Hebrew": ("שלום עולם, מה שלומך?", "שלום עולם מה שלומך"),
    "pointed Hebrew": ("בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם", "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם"),
    "Amharic": ("ሰላም፡ለዓለም። እንዴት ነህ?", "ሰላም ለዓለም እንዴት ነህ"),
    "Korean": ("나는 학교에 갑니다. 안녕하세요!", "나는 학교에 갑니다 안녕하세요"),
    "Greek": ("Ἐν ἀρχῇ ἦν ὁ λόγος.", "ἐν ἀρχῇ ἦν ὁ λόγος"),
    "Russian": ("Мой дядя самых честных правил, и ёжик.", "мой дядя самых честных правил и ёжик"),
    "French": ("L’été, j’écoute à Orléans le cœur léger.", "l été j écoute à orléans le cœur léger"),
    "Vietnamese": ("Tiếng Việt có sáu thanh điệu.", "tiếng việt có sáu thanh điệu"),
    "German": ("Größe über Maß: schön!", "größe über maß schön"),
    "Yoruba": ("Ọmọ náà ń ṣeré.", "ọmọ náà ń ṣeré"),
    "English": ("It's a 2nd-rate, über_cool café.", "it s a 2nd rate über_cool café"),
    "Thai": ("ฉันรักภาษาไทย แม่ไปตลาด", "ฉันรักภาษาไทย แม่ไปตลาด"),
    "Khmer": ("ខ្ញុំស្រឡាញ់ភាសាខ្មែរ។ សួស្តី", "ខ្ញុំស្រឡាញ់ភាសាខ្មែរ សួស្តី"),
    "Khmer, zero width spaces": ("ខ្ញុំ\u200bស្រឡាញ់\u200bភាសា\u200bខ្មែរ។", "ខ្ញុំ ស្រឡាញ់ ភាសា ខ្មែរ"),
    "Burmese": ("မြန်မာစကား ပြောတတ်သလား။", "မြန်မာစကား ပြောတတ်သလား"),
    "Lao": ("ສະບາຍດີ ຂ້ອຍຮັກພາສາລາວ", "ສະບາຍດີ ຂ້ອຍຮັກພາສາລາວ"),
    "Chinese": ("我爱北京天安门，天安门上太阳升。", "我爱北京天安门 天安门上太阳升"),
    "Japanese": ("吾輩は猫である。名前はまだ無い。", "吾輩は猫である 名前はまだ無い"),
    "Japanese, decomposed": (
        unicodedata.normalize("NFD", "ガラス。ピアノ。"),
        unicodedata.normalize("NFD", "ガラス ピアノ"),
    ),
    "emoji": ("👩‍💻 a ❤️ 1️⃣ b👍🏽", "a 1 b"),
}
LATIN = ("French", "Vietnamese", "German", "Yoruba", "English", "Greek", "Russian")


@pytest.mark.parametrize("name", SENTENCES)
def test_words_are_those_that_a_reader_expects(name):
    sentence, words = SENTENCES[name]
    expected = words.split(" ")
    assert re.findall(WORD_PATTERN, sentence.lower()) == expected
    assert CountVectorizer(token_pattern=WORD_PATTERN).build_analyzer()(sentence) == expected
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "most tokens are whole clauses")
        counter = CooccurrenceCounter(min_count=1).fit([sentence])
    assert set(counter.vocabulary_) == set(expected)
    assert counter.counts_.sum() == len(expected)


@pytest.mark.parametrize("name", LATIN)
def test_decomposed_words_are_whole_but_other_words(name):
    sentence, words = (unicodedata.normalize("NFD", text) for text in SENTENCES[name])
    assert re.findall(WORD_PATTERN, sentence.lower()) == words.split(" ")
    composed = SENTENCES[name][1].split(" ")
    assert [unicodedata.normalize("NFC", word) for word in words.split(" ")] == composed
    different = [word for word in words.split(" ") if not unicodedata.is_normalized("NFC", word)]
    assert not set(different) & set(composed)


@pytest.mark.parametrize("name", LATIN)
def test_composed_words_are_those_of_the_plain_pattern(name):
    sentence = unicodedata.normalize("NFC", SENTENCES[name][0])
    assert re.findall(WORD_PATTERN, sentence) == re.findall(r"(?u)\b\w+\b", sentence)


def test_a_given_pattern_is_used_as_it_is():
    sentence = SENTENCES["Hindi"][0] + " the cat"
    for pattern in (r"(?u)\b\w+\b", r"\w+", r"(?u)\b\w\w+\b"):
        counter = CooccurrenceCounter(min_count=1, token_pattern=pattern).fit([sentence])
        assert set(counter.vocabulary_) == set(re.findall(pattern, sentence))


def test_default_pattern_survives_clone_and_pickle(lee):
    vectorizer = GloVeVectorizer(2, random_state=0, max_iter=1).fit(lee)
    assert vectorizer.get_params()["token_pattern"] is None
    assert clone(vectorizer).token_pattern is None
    named = clone(vectorizer).set_params(token_pattern=WORD_PATTERN).fit(lee)
    assert named.vocabulary_ == vectorizer.vocabulary_
    text = ["काम कर रहा है The cat e\u0301te\u0301"]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(named)).transform(text), vectorizer.transform(text))


@pytest.mark.parametrize("name", ["Hindi", "vocalised Arabic", "Thai"])
def test_the_program_finds_the_same_words(tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sentence, words = SENTENCES[name]
    (tmp_path / "corpus.txt").write_text(f"{sentence} ok\n", encoding="utf-8")
    assert main(["train", "corpus.txt", "--min-count", "1", "--save-vocabulary", "vocab.txt", "-q"]) == 0
    found = (tmp_path / "vocab.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split(" ")[0] for line in found} == {*words.split(" "), "ok"}


def test_every_mark_of_unicode_is_part_of_a_word():
    marks = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("Mn", "Mc")]
    split = [mark for mark in marks if not re.fullmatch(WORD_PATTERN, f"a{mark}b")]
    assert split == ["\ufe0e", "\ufe0f"]  # the selectors of text and emoji style


#: Texts without spaces between words, a few clauses each, and what the warning names.
CLAUSES = {
    "Chinese": ("今天天气很好，我们一起去公园散步。他在图书馆里看了一整天的书，晚上才回家。", "jieba.lcut"),
    "Japanese": ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", "fugashi.Tagger"),
    "Thai": ("วันนี้อากาศดีมากเราจึงไปเดินเล่นที่สวนสาธารณะ เขาอ่านหนังสืออยู่ในห้องสมุดตลอดทั้งวัน", "pythainlp"),
    "Lao": ("ມື້ນີ້ອາກາດດີຫຼາຍພວກເຮົາໄປຍ່າງຫຼິ້ນຢູ່ສວນສາທາລະນະ", "laonlp"),
    "Khmer": ("ថ្ងៃនេះអាកាសធាតុល្អណាស់យើងទៅដើរលេងនៅសួនច្បារ", "khmernltk"),
    "Burmese": ("ဒီနေ့ရာသီဥတုသာယာလို့ကျွန်တော်တို့ပန်းခြံကိုလမ်းလျှောက်သွားတယ်", "pyidaungsu"),
    "Korean": ("오늘은날씨가아주좋아서우리는공원에산책하러갔습니다", "kiwipiepy"),
}


@pytest.mark.parametrize("estimator", [GloVeVectorizer(2, min_count=1), CooccurrenceCounter(min_count=1)], ids=str)
@pytest.mark.parametrize("language", CLAUSES)
def test_text_without_spaces_is_warned_of_once(language, estimator):
    text, tool = CLAUSES[language]
    with pytest.warns(UserWarning, match=f"looks like {language}, .*{re.escape(tool)}") as warned:
        clone(estimator).set_params(n_jobs=2).fit([f"{text} ok {text}"] * 10_000)
    assert len(warned) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(SENTENCES[name][0] for name in SENTENCES if name not in CLAUSES),
        "今天 天气 很 好 ， 我们 一起 去 公园 散步",
        "吾輩 は 猫 で ある 。 名前 は まだ 無い",
        "ฉัน รัก ภาษา ไทย",
        f"{CLAUSES['Chinese'][0]} and five times as much English around it, " * 3
        + "so that few tokens are clauses, " * 6,
        "x" * 100,
    ],
)
def test_text_with_spaces_is_not_warned_of(text):
    CooccurrenceCounter(min_count=1).fit([f"{text} ok {text}"])  # warnings are errors


@pytest.mark.parametrize("parameters", [{"tokenizer": list}, {"analyzer": "char"}, {"analyzer": str.split}], ids=str)
def test_who_chooses_the_tokens_is_not_warned(parameters):
    CooccurrenceCounter(min_count=1, **parameters).fit([CLAUSES["Chinese"][0] + " ok"])


def test_kanji_in_japanese_are_not_called_chinese():
    with pytest.warns(UserWarning, match="looks like Japanese"):
        warn_of_clauses(count_clauses(["東京都立中央図書館", "名前はまだ無いのに"]))
