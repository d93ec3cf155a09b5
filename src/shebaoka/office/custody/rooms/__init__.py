"""Ceremonies held from the desk: the room is a thread of one server process, the people are at their own
pages, in whichever process serves them.

:mod:`.sitting` plays the ceremony engine, :mod:`.door` is where the pages knock (a socket only this user of
the system reaches), :mod:`.wire` what goes over it, :mod:`.vaults` and :mod:`.samples` what is opened for it.
The vault's new keys and the components typed are in the memory of that thread and nowhere else: with the
process they are gone, and what stays is the transcript, which is then closed as aborted."""
