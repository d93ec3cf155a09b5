"""Known answers of the formulas for the fixture card, in both algorithm variants.

D is 3DES (single DES where a key is 8 bytes), S is SM4. Roots are public strings: TEST_ONLY.
"""

from dataclasses import dataclass

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm

CITY_CODE = "650100"
HISTORICAL = bytes.fromhex("00810102031234650100000001")
F1 = bytes.fromhex("3635303030307368")
F2 = bytes.fromhex("3635303130307378")
F3 = bytes.fromhex("1234650100000001")

ORIGINAL = bytes.fromhex("1112131415161718")
INTERNAL_FACTOR = bytes.fromhex("0102030405060708")
CHALLENGE = bytes.fromhex("2122232425262728")
SM_CHALLENGE = bytes.fromhex("3132333435363738")
KID_CHALLENGE = bytes.fromhex("5152535455565758")
LOADING_CHALLENGE = bytes.fromhex("41424344")

TERMINAL = bytes.fromhex("650100000001")
LOAD_RANDOM = bytes.fromhex("A1B2C3D4")
LOAD_TIME = bytes.fromhex("20160102030405")
LOAD_AMOUNT = 0x2710
PURCHASE_RANDOM = bytes.fromhex("B1B2B3B4")
PURCHASE_TIME = bytes.fromhex("20160103040506")
PURCHASE_AMOUNTS = (0x3E8, 0x1F4, 0x7D0)
PURCHASE_SEQUENCE = 5

VARIANTS = {"D": Algorithm.TDES, "S": Algorithm.SM4}


@dataclass(frozen=True)
class Answer:
    """The answer of variant D and of variant S in hex."""

    d: str
    s: str

    def of(self, algorithm: Algorithm) -> bytes:
        """The answer for 3DES or SM4."""
        return bytes.fromhex(self.d if algorithm is Algorithm.TDES else self.s)


def root(name: str, algorithm: Algorithm) -> SoftwareCipher:
    """The national root of a key: its name filled with A5 to 16 bytes; 8 bytes, single DES, for STK in D."""
    own = Algorithm.DES if name.startswith("STK") and algorithm is Algorithm.TDES else algorithm
    return SoftwareCipher(own, name.encode().ljust(16, b"\xa5")[: own.key_size])


def city_key(name: str, algorithm: Algorithm) -> SoftwareCipher:
    """The root after the steps province and city."""
    return _software(
        diversify(diversify(root(name, algorithm), province_factor(CITY_CODE)), city_factor(CITY_CODE))
    )


def card_key(name: str, algorithm: Algorithm) -> SoftwareCipher:
    """The key of the fixture card, after all three steps."""
    return _software(diversify(city_key(name, algorithm), card_factor(HISTORICAL)))


def key_bytes(cipher: object) -> bytes:
    """The bytes of a software key; only tests look at them."""
    return _software(cipher)._key


def _software(cipher: object) -> SoftwareCipher:
    assert isinstance(cipher, SoftwareCipher)
    return cipher


CARD_KEYS: dict[str, Answer] = {
    "IRK": Answer("FB1478BBA4BECF80678B5761E6188572", "E2DC08FC6CE17E477CCDAD95744C43E4"),
    "STK": Answer("C8663E507390BCC2", "168CE9E79CB7F958C91E14BDEB39BD9E"),
    "UKSSSE": Answer("400862EFC4DFD809FE00971A5069913C", "82B1C01BAAD591691D4FBE9E7F187F65"),
    "BK": Answer("88D7FA0ACDCAA8595CBD4404F436C670", "4F65A88050CBFEDDA6EDB763EB2995FA"),
    "PUK": Answer("078750C9E09552714D90E5F442ECD8A5", "C6973650B709C87B3BC3059BF7DC1849"),
    "RKSSSE": Answer("B48E23AAD94A5706A5382B8BF9ADF08E", "D77C768A80192AE6B4C25054DC465D61"),
    "STKDF01": Answer("BDB875DD13D7D4D3", "BA82046D3A821FE12EBD75D503EB6CFA"),
    "UK1DF01": Answer("7E80F84B96CD6F598E7AED915D2E5E0A", "2E6EBD84DA167ADA8AE091305C804304"),
    "RK1DF01": Answer("41392A317D8D833F7CE1AC5C654785C5", "77F4566F2C717D9302E601A949CCBD8D"),
    "STKDF04": Answer("1E091C23C7506D58", "DD61C82238DA4397FAC4C1FE71FD935B"),
    "LKDF04": Answer("B18577F2B9F6612D9956B68BE8379C84", "F5EF9F3322D632FBF6CD172DD2D9847F"),
    "RK1DF04": Answer("2718D11D8CA4849B94C55F488B9BA109", "0D7F2A0448DFF1C7A3065A5953D1C25C"),
    "UK1DF04": Answer("A213346F6FA705FF0C491474CA17C811", "06BAC2F7B0E7D9F4FE601E74F6C030D6"),
    "UK2DF04": Answer("88D0791FDF0DE23B261C664070E27E74", "830840CFC019F857B941BBF622D28192"),
    "DSK": Answer("940F3E65BBA0F5515A56753AAE5A0E12", "CC4F3E27C5389D86F8160AB86DEBC45C"),
    "DLK": Answer("1004D58B53A58476067CEF2ADD13A2F6", "33F8C3DBBE6CC166843503CFC706DF14"),
    "DPK": Answer("9F02E32CB0CDB0672A7ECBFD52C0D601", "F13BB1134D31768B5475E667D574F228"),
    "DTK": Answer("E707C4A0F8C185FF37D06D1C8556A3F1", "A81F5E4184345A5B6FC86845C05ACB0D"),
}

# Challenge 2122232425262728, original information 1112131415161718.
AUTHENTICATION: dict[str, Answer] = {
    "UK1DF01": Answer("99D7C3E766BF3EAF", "AA1B3CF4FB843D3D"),
    "PUK": Answer("78ABE2CAF838CEA1", "1298B29A179EEA68"),
    "BK": Answer("E9B28ABD16D8B679", "6974F164825249FD"),
    "LKDF04": Answer("0C2B6C1CA3D94DBE", "F7D1F6834F9BB060"),
    "RKSSSE": Answer("A75D50353E11F0C2", "D4F1617CB182E7F5"),
    "RK1DF01": Answer("6CBF9FFCDCCA558A", "A301A35340DAC9D1"),
    "RK1DF04": Answer("8AD8E41E26A6BF2A", "C0EDCD62FB886B07"),
    "UK2DF04": Answer("14E1D4B4FEAF97DA", "DA551697512D6D24"),
    "DSK": Answer("819307A823C4C359", "CC14A4C4F40256D1"),
    "UKSSSE": Answer("A674EE6C55D0022E", "669D4FEAF3CFE9BD"),
}

ANSWERS: dict[str, Answer] = {
    "city root of UK1DF01": Answer("4F84CE7AF0295DC0EAB822852CF109E9", "5A0F27A1E7D9D135498A75189CEE9B0B"),
    "INTERNAL AUTH": Answer("6A636EECAA444DAF", "C6367063B12E18CF"),
    "auth data UK1DF01, 4-byte": Answer("F7CADF14FD8BBABE", "C05C8B0BE158BFBE"),
    "PIN reload to 654321": Answer(
        "842400010C6888E783A71449CE80A9013A", "84240001148A4145BF3CF84E7103704877D10E74E64321947F"
    ),
    "PIN reload to 1234567890123456": Answer(
        "842400011407EBED01C08233646E563A4D6C40C56CC9C8C722",
        "8424000114FB47E3E72FFFC1BD580AE76C4BD8AAE467BD1BE6",
    ),
    "PIN unblock only": Answer("842400000418124A19", "8424000004B5953B60"),
    "CARD BLOCK": Answer("8416000004E99B7E5C", "8416000004AA286879"),
    "APPLICATION BLOCK in DF04": Answer("841E0001044DF2A19D", "841E00010450D578D2"),
    "UPDATE RECORD with MAC": Answer("04DC013C0729013168975ECC", "04DC013C072901317F7EF70A"),
    "SESLK": Answer("E3BA7E7D18DF87FA", "5744786952EB0AEC78C0CBF0E7B7E4DE"),
    "load MAC1": Answer("11B5BF04", "547D4AF2"),
    "load MAC2": Answer("59E24F8C", "B8509F6F"),
    "load TAC with balance after": Answer("7D72FF8B", "A7FE3E43"),
    "load TAC with balance before (rejected reading)": Answer("A7A72A9D", "CDA01D08"),
    "SESPK": Answer("0037B7AEB0738040", "81101F3220F1AEECE6FFF6C03A89AA65"),
    "purchase MAC1": Answer("E28C6551", "A39BC65D"),
    "purchase MAC1 with type 02 (rejected reading)": Answer("FA280941", "A6379258"),
    "purchase MAC2": Answer("B3FB32BB", "0148C17B"),
    "purchase TAC": Answer("3D478CE4", "41CE73FD"),
    "PSAM external auth KID-01": Answer("7B67940C7152CB43", "F985F7A72A0D7097"),
    "PSAM CREATE KEY": Answer(
        "84D4001124818A19E7C73EE2C9B6AE849624BDDF883B8A8D75041D87CB06C63BA5472A5C7E0EAA1328",
        "84D400112426FC1A17A1185CF79EFDFE0F0A1B87811C9EC9FCE58CF98FAA48D564007A67032C94B52F",
    ),
    "PSAM CHANGE KEY": Answer(
        "84D401111CBBF854CBFF061EF397DC34F50D39EF1C4387ACEE1F37517C30B95D56",
        "84D4011124CAC5CED686473BC54D1E0628C61C9168E60440E8B6434687BE9FF7CB2EEC144C52DF4642",
    ),
    "PSAM DELIVERY SESSION KEY": Answer(
        "BFDE28421012346501000000012122232425262728",
        "BFDE284218123465010000000121222324252627280000000000000000",
    ),
    "PSAM CIPHER DATA": Answer("80FA0000081112131415161718", "80FA00001011121314151617180000000000000000"),
    "PSAM CIPHER DATA answer": Answer("99D7C3E766BF3EAF", "4A14B7BC3C553C66E00F8B48C7D1015B"),
    "Q25 MAC of 8424000004 under the delivered key": Answer("FF93707B", "0AFF603D"),
}
