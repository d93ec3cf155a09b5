"""The same functions in steps over an HSM (加密机): the card's randoms go out, the HSM's answer comes in.

Between the steps the card stays powered. Everything is upper-case hex; a process factor is the random that
makes the session key, the original information the random that is authenticated.
"""
