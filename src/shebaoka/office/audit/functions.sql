-- One record at the end of a chain: the place in the chain and the hash are made here, so that the chain is
-- locked for no longer than the rest of the caller's transaction. The line is that of journal.record.
CREATE OR REPLACE FUNCTION audit_append(
    row_id uuid, chain text, act text, at timestamptz, actor text, subject text,
    line_begin text, line_middle text, line_end text
) RETURNS TABLE (number bigint, hash text) LANGUAGE plpgsql AS $$
DECLARE
    previous text;
    body text;
BEGIN
    LOOP
        SELECT c.sequence, c.hash INTO number, previous
            FROM audit_chain c WHERE c.code = chain FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO audit_chain (code, sequence, hash) VALUES (chain, 0, repeat('0', 64))
            ON CONFLICT DO NOTHING;
    END LOOP;
    number := number + 1;
    body := line_middle || '"previous":"' || previous || '","sequence":' || number || line_end;
    hash := encode(sha256(convert_to(line_begin || body, 'UTF8')), 'hex');
    INSERT INTO audit_row (id, chain_id, sequence, at, act, actor, subject, line)
        VALUES (row_id, chain, number, at, act, actor, subject,
            line_begin || '"hash":"' || hash || '",' || body);
    UPDATE audit_chain c SET sequence = number, hash = audit_append.hash WHERE c.code = chain;
    RETURN NEXT;
END $$;
