import { invalidInput, limits } from '@parley/contracts';
import { name, parseWith } from '@parley/schemas';
import { msOfDateTime } from '../../domain/date-time.ts';

const mostOrigins = 100;

/** @throws invalid_input */
export function checkedAppName(given: string, field: string): string {
  const trimmed = parseWith(name, given.trim(), field);
  if (trimmed !== '') return trimmed;
  throw invalidInput(field, `a name has 1 to ${limits.name} characters`, limits.name);
}

/** As a browser sends them: scheme, host, port if it is not the usual one, nothing else. @throws invalid_input */
export function checkedOrigins(origins: readonly string[]): string[] {
  if (origins.length > mostOrigins)
    throw invalidInput('allowedOrigins', `an app allows up to ${mostOrigins} origins`, mostOrigins);
  return [...new Set(origins)].map((origin, index) => {
    if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
    throw invalidInput(
      `allowedOrigins.${index}`,
      'an origin is scheme, host and port without a path, for example "https://app.example.com"',
    );
  });
}

/** @throws invalid_input */
export function checkedTime(time: string | null, field: string): string | null {
  if (time === null) return null;
  const ms = msOfDateTime(time);
  if (ms === null) throw invalidInput(field, 'a time is ISO 8601, for example "2026-01-31T12:00:00.000Z"');
  return new Date(ms).toISOString();
}
