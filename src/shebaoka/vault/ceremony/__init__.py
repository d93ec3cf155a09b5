"""Key ceremonies (密钥仪式): keys are born in public, by a script, step by step, with a transcript.

:mod:`script` says what is to be made, by whom and how; :mod:`engine` plays it over any
:class:`~shebaoka.vault.ceremony.prompts.Interaction`; :mod:`transcript` reads what was recorded."""
