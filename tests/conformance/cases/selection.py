"""B: selection."""

from conformance.harness import SEL, Session, case

FCI = "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601"
PARTIAL = "00A404{}05D156000005"


@case("B01", "P5 T36, RD", variants="S", pcsc=True)
def environment_of_an_sm4_card(s: Session) -> None:
    s.expect(SEL, FCI + "03 9000")


@case("B02", "P5 T36, RD", variants="D", pcsc=True)
def environment_of_a_3des_card(s: Session) -> None:
    s.expect(SEL, FCI + "01 9000")


@case("B03", "P3 §6.4", variants="D", fixture="card-1.0", pcsc=True)
def fci_without_issuer_data(s: Session) -> None:
    data = s.expect(SEL, "6F...9000")
    assert "9F0C" not in data
    assert data.startswith("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E")


@case("B05", "P6 T2", pcsc=True)
def applications_by_name(s: Session) -> None:
    s.sel()
    for digit in "123":
        s.expect(f"00A4040006D1560000050{digit}", f"6F08 8406 D1560000050{digit} 9000")


@case("B06", "V2 T2", pcsc=True)
def talent_application(s: Session) -> None:
    s.sel()
    s.expect("00A4040006D15600000504", "6F...9000")


@case("B07", "P6 T2", variants="D", fixture="card-1.0", pcsc=True)
def no_talent_application_before_2_0(s: Session) -> None:
    s.sel()
    s.expect("00A4040006D15600000504", "6A82")


@case("B09", "P5 T34", pcsc=True)
def file_by_identifier(s: Session) -> None:
    s.sel()
    s.expect("00A4020002EF05", "9000")


@case("B10", "P5 T34", pcsc=True)
def absent_file(s: Session) -> None:
    s.sel()
    s.expect("00A4020002EF77", "6A82")


@case("B11", "RD (K31)", pcsc=True)
def file_with_p1_00(s: Session) -> None:
    s.sel()
    s.expect("00A4000002EF05", "9000")
    s.expect("00B2010012", "0110...9000")


@case("B13", "P5 §6.11.2", pcsc=True)
def empty_select(s: Session) -> None:
    s.df("DF01")
    s.expect("00A40000", "...9000")
    s.expect("00B2012C12", "69..|6A..")  # no SSSE file from the MF
    s.sel()


@case("B14", "P5 T34, T39", pcsc=True)
def name_too_short(s: Session) -> None:
    s.expect("00A4040003D15600", "6700")


@case("B15", "P5 T35", pcsc=True)
def unknown_selection_control(s: Session) -> None:
    s.sel()
    s.expect("00A4090002EF05", "6A86")


@case("B17", "P3 T3", pcsc=True)
def directory_file(s: Session) -> None:
    s.sel()
    label = "公共应用信息区".encode("gbk").hex().upper()
    s.expect("00B201F41A", "6118 4F06D15600000500 500E" + label + "9000")


@case("B18", "P5 §6.11.5", pcsc=True)
def partial_name(s: Session) -> None:
    s.sel()
    found = [s.expect(PARTIAL.format("00"), "6F...9000")]
    while (answer := s.send(PARTIAL.format("02"))) != "6A82":
        assert answer.endswith("9000"), answer
        found.append(answer[:-4])
        assert len(found) < 10
    assert len(set(found)) == len(found) == 5


@case("B19", "P5 §6.11.1", pcsc=True)
def file_selection_keeps_authentication(s: Session) -> None:
    s.df("DF01")
    s.ea("83", "UK1DF01")
    s.ef("EF07")
    s.ef("EF05")
    s.expect("00DC0104 04 20023031", "9000")
    s.expect("00A4040006D15600000500", "6F...9000")  # the same application again: kept, too (K21)
    s.expect("00DC012C 04 20023032", "9000")
    s.df("DF02")
    s.df("DF01")
    s.expect("00DC012C 04 20023033", "6982")


@case("B21", "P3 §5.2.3", pcsc=True)
def short_file_identifier(s: Session) -> None:
    s.df("DF01")
    s.pin()
    s.expect("00B201AC03", "2A01.. 9000")
