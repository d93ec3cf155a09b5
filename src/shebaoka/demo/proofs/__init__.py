"""What is proved of the keys and the cards just made. Each proof says what was seen, or raises."""

from shebaoka.demo.proofs import custody, holder, psams, reading, regions
from shebaoka.demo.proofs.act import Act
from shebaoka.demo.report import Outcome

ACTS = (
    Act("Verify the ceremonies from their transcripts", custody.verify_transcripts),
    Act("Change a check value in a transcript", custody.altered_transcript, Outcome.REFUSED),
    Act("Compare check values with the ministry's roots", custody.check_values),
    Act("Give a province the other one's mother card", custody.wrong_region, Outcome.REFUSED),
    Act("Carry keys past a province", custody.wrong_receiver, Outcome.REFUSED),
    Act("Pull the mother card out during an export", custody.interrupted_export),
    Act("Read a card without any key", reading.read_without_keys),
    Act("Read it with the holder's PIN", reading.read_with_pin),
    Act("Read it with a PSAM's national keys", reading.read_with_national_keys),
    Act("Read it with a PSAM's city keys", reading.read_with_local_keys),
    Act("Read it with the ministry's vault", reading.read_with_vault),
    Act("Read the holder's data of a 3.0 card", reading.read_third_generation),
    Act("Use a dual-interface card both ways", reading.read_over_both_interfaces),
    Act("Change the PIN", holder.change_pin),
    Act("Ask whether a card needs a PIN", holder.card_without_pin),
    Act("Load the medical account and spend from it", holder.load_and_spend),
    Act("Pull the card out during a purchase and recover", holder.torn_purchase),
    Act("Read all files with PIN and keys", reading.read_everything),
    Act("Read a card of one province in the other", regions.read_abroad),
    Act("Write to it with the other province's key", regions.write_abroad, Outcome.REFUSED),
    Act("Open it with the other city's local PSAM", regions.local_psam_abroad, Outcome.REFUSED),
    Act("Write and read the city's own file", regions.own_file),
    Act("Write that file with another city's PSAM", regions.own_file_elsewhere, Outcome.REFUSED),
    Act("Key a PSAM that was wiped", psams.wiped_psam, Outcome.REFUSED),
)
