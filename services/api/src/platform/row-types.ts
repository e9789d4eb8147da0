import pg from 'pg';

const bigint = 20;
const timestamptz = 1184;
const utc = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/;

/** ISO 8601 with milliseconds; the session's time zone is UTC, so no other offset is met. */
function isoTime(text: string): string {
  const parts = utc.exec(text);
  if (parts === null) return text;
  return `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
}

/** How a value of a row arrives: as the contracts have it. Given to one pool, so other users of the driver keep theirs. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === bigint) return Number;
    if (format !== 'binary' && oid === timestamptz) return isoTime;
    // node-postgres types its own parsers as any.
    return pg.types.getTypeParser(oid, format) as unknown;
  },
};
