"""A card in the reader of a clerk's computer, driven by the office through the page that the clerk looks at.

A form is sent with the number of a channel that the page has drawn. The deed behind the form finds a
:class:`~.reading.RelayReader` among the readers of the counter; what it sends waits at a socket of this user
alone (:mod:`.meeting`), where the page fetches it with requests of their own, in whichever server process,
hands it to the reader service of its computer and brings the card's answer. Keys stay in the vault of the
issuer, and what the page says of a card is believed only as far as the card's own MACs go. Nothing is written
anywhere: with the process it is gone, and a card that was pulled is served again as any other."""
