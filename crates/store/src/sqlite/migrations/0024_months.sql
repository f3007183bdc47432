-- Months are tables of their own in PostgreSQL only; there is nothing to do here.
SELECT 1;
