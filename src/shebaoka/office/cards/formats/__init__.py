"""Files that batches are exchanged in: one canonical record, written and read as P1 (bar-separated), P2
(fixed width in GBK bytes) and P3 (Excel). No national layout is public; these are three that are."""
