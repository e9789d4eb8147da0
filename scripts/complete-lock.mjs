import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root } from './lib/ensure-install.mjs';
import { missingBuilds, stub } from './lib/lock-stubs.mjs';

// npm leaves the builds for other platforms out of the lock when it could not fetch them, and then `npm ci` refuses the
// lock and the lock serves no other platform. This adds what `npm ci` asks for: name, version and platform of each.
const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

const missing = missingBuilds(lock);

if (process.argv.includes('--check')) {
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    fail(`package-lock.json lacks builds for other platforms (${names}): run node scripts/complete-lock.mjs`);
  }
} else if (missing.length > 0) {
  for (const { name, version, place } of missing) lock.packages[place] = stub(name, version);
  // npm keeps the entries in this order; the project itself has the empty path and so comes first.
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`added ${missing.length} builds for other platforms to package-lock.json\n`);
}
