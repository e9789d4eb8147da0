const pattern = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** What lies beyond has no year of four digits, and the database no date for it. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** The moment of a text of ISO 8601 with a time zone (RFC 3339), in ms; null when it names none. JavaScript itself reads 30 February as 2 March. */
export function msOfDateTime(text: string): number | null {
  const [, day] = pattern.exec(text) ?? [];
  if (day === undefined || !exists(day)) return null;
  const ms = Date.parse(text);
  return ms >= firstMs && ms <= lastMs ? ms : null;
}

function exists(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
