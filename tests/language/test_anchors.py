import pytest

from sparrow_lite.language import AnchorKind, anchors, missing_anchors


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("It has 1,665 steps", "1665"),
        ("It cost 3.5 million francs", "3500000"),
        ("It cost 3,500,000 francs", "3500000"),
        ("It has twelve floors", "12"),
        ("in the 1960s", "1960"),
        ("the 21st of the month", "21"),
        ("two hundred people", "200"),
    ],
)
def test_equal_numbers_have_equal_keys(text, key):
    assert key in {anchor.key for anchor in anchors(text) if anchor.kind is AnchorKind.NUMBER}


@pytest.mark.parametrize(
    ("sentence", "passage", "missing"),
    [
        ("It was completed in 1890.", "It was completed in 1889.", ("1890",)),
        ("It opened on 31 March.", "It opened in March, on the 31st.", ()),
        ("It opened in May.", "It opened in March.", ("May",)),
        ("Built by Gustave Eiffel.", "The engineer was Gustave Eiffel.", ()),
        ("There spoke Ada Lovelace.", "There spoke Mary Shelley.", ("Ada Lovelace",)),
        ("- **Height:** 134 m", "It measures 134 m.", ()),
        ("2. It measures 134 m.", "It measures 134 m.", ()),
        ("It is 30 feet high.", "It is 30 metres high.", ("30 feet",)),
        ("It is 30 m high.", "It is 30 metres high.", ()),
        ("It is 30 metres high.", "Its height in metres: 30.", ()),
        ("It fell by 12%.", "It fell by 12 percent.", ()),
        ("It has one door.", "It has a door.", ()),
        ("It weighs 1000 kg.", "It weighs 1,000 kg.", ()),
        ("Berlin's wall fell.", "The wall of Berlin fell.", ()),
        ("It sold the iPhone first.", "It sold phones first.", ("iPhone",)),
        ("It bought eBay.", "It bought a market.", ("eBay",)),
        ("It is made of mRNA.", "It is made of protein.", ("mRNA",)),
        ("eBay sold it.", "A market sold it.", ("eBay",)),
        ("PayPal sold it.", "A bank sold it.", ("PayPal",)),
        ("It holds the iPhone and mRNA.", "An iPhone, some mRNA.", ()),
        ("It uses 5 kWh or 3mL.", "It uses 5 kilowatt hours or 3 millilitres.", ()),
        ("He lived in Łódź.", "He lived in Warsaw.", ("Łódź",)),
    ],
)
def test_what_a_passage_lacks_is_named(sentence, passage, missing):
    assert missing_anchors(sentence, passage) == missing


def test_no_anchor_is_given_twice():
    found = anchors("In 1889, yes 1889, Paris and Paris again.")
    assert len(found) == len({(anchor.kind, anchor.key) for anchor in found})


def test_only_the_kinds_that_are_asked_for_are_looked_for():
    kinds = (AnchorKind.NUMBER, AnchorKind.DATE)
    assert missing_anchors("In May 1889 Eiffel left.", "He left.", kinds=kinds) == ("1889", "May")
