/**
 * The wall in SQL, as somebody who knows PostgreSQL would write it: repeats stopped by a primary key, one row an alert kept
 * up to date, an index that holds all that the figures of a window read, one scan for all groupings.
 */
export const TABLES = `
CREATE TABLE events (source text, id text, type text, at timestamptz, data jsonb, PRIMARY KEY (source, id));
CREATE TABLE alerts (
  alert_id text PRIMARY KEY, tier text, town text, industry text, channel text, stage text NOT NULL DEFAULT 'raised', enterprise text,
  workers int, amount_fen bigint, raised_at timestamptz, changed_at timestamptz, verdict text, verdict_at timestamptz,
  recovered_fen bigint NOT NULL DEFAULT 0, closed_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX ON alerts (raised_at) INCLUDE (tier, town, industry, channel, workers, amount_fen, verdict, recovered_fen, closed_at);
CREATE INDEX ON alerts (town, tier) WHERE stage <> 'closed';
CREATE INDEX ON alerts (stage);`;

export const INSERT_EVENTS = `
WITH given AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(n int, source text, id text, type text, at timestamptz, data jsonb)),
fresh AS (INSERT INTO events SELECT source, id, type, at, data FROM given ON CONFLICT DO NOTHING RETURNING source, id)
SELECT min(n) AS n FROM given JOIN fresh USING (source, id) GROUP BY source, id`;

const FRESH = `jsonb_to_recordset($1::jsonb) AS x(type text, at timestamptz, "alertId" text, tier text, town text, industry text, channel text,
  enterprise jsonb, workers int, "amountFen" bigint, verdict text)`;

export const INSERT_RAISED = `
INSERT INTO alerts (alert_id, tier, town, industry, channel, enterprise, workers, amount_fen, raised_at, changed_at)
SELECT "alertId", tier, town, industry, channel, enterprise->>'name', workers, "amountFen", at, at FROM ${FRESH} WHERE type = 'raised' ON CONFLICT DO NOTHING`;

export const APPLY = `
UPDATE alerts SET
  stage = CASE WHEN x.at >= changed_at THEN coalesce(x.stage, alerts.stage) ELSE alerts.stage END, changed_at = greatest(changed_at, x.at),
  verdict = coalesce(x.verdict, alerts.verdict), verdict_at = coalesce(x.verdict_at, alerts.verdict_at),
  recovered_fen = alerts.recovered_fen + x.recovered, closed_at = coalesce(x.closed_at, alerts.closed_at)
FROM (
  SELECT "alertId" AS alert_id, max(at) AS at,
    (array_agg(type ORDER BY at DESC, array_position(ARRAY['dispatched', 'accepted', 'handled', 'audited', 'closed'], type) DESC) FILTER (WHERE type <> 'recovered'))[1] AS stage,
    max(verdict) AS verdict, max(at) FILTER (WHERE type = 'audited') AS verdict_at,
    coalesce(sum("amountFen") FILTER (WHERE type = 'recovered'), 0) AS recovered, max(at) FILTER (WHERE type = 'closed') AS closed_at
  FROM ${FRESH} WHERE type <> 'raised' GROUP BY "alertId"
) x WHERE alerts.alert_id = x.alert_id`;

/** Everything a wall shows of the last 365 days, as one JSON text. */
export const FIGURES = `
WITH span AS (SELECT * FROM alerts WHERE raised_at > now() - interval '365 days'),
grouped AS (
  SELECT grouping(tier, town, industry, channel) AS kind, tier, town, industry, channel, count(*) AS raised, sum(workers) AS workers, sum(amount_fen) AS amount,
    count(*) FILTER (WHERE verdict = 'effective') AS effective, count(*) FILTER (WHERE verdict = 'false-alarm') AS false_alarm, sum(recovered_fen) AS recovered, count(closed_at) AS closed
  FROM span GROUP BY GROUPING SETS ((), (tier), (town), (industry), (channel))
)
SELECT json_build_object(
  'totals', (SELECT json_build_object('raised', raised, 'workers', workers, 'amountFen', amount, 'effective', effective, 'falseAlarm', false_alarm, 'recoveredFen', recovered, 'closed', closed) FROM grouped WHERE kind = 15),
  'groups', (SELECT json_agg(grouped) FROM grouped WHERE kind <> 15),
  'open', (SELECT json_agg(x) FROM (SELECT town, tier, count(*) FROM alerts WHERE stage <> 'closed' GROUP BY town, tier) x),
  'byStage', (SELECT json_agg(x) FROM (SELECT stage, count(*) FROM alerts GROUP BY stage) x),
  'series', (SELECT json_agg(x) FROM (SELECT date_trunc('day', raised_at) AS day, tier, count(*) FROM span GROUP BY 1, 2) x),
  'latest', (SELECT json_agg(x) FROM (SELECT * FROM alerts ORDER BY raised_at DESC LIMIT 50) x)
)::text AS figures`;
