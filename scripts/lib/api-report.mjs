import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { root } from './ensure-install.mjs';
import { publishedPackages } from './workspaces.mjs';

// Compares the public surface of each published package with the report in git, so that a change of it shows as a
// diff; with --update it writes the reports.
const update = process.argv.includes('--update');
let faults = 0;

// The report is the list of what is public; how it is documented is the linter's and the reviewer's business.
const quiet = {
  compilerMessageReporting: { default: { logLevel: 'error' } },
  extractorMessageReporting: { default: { logLevel: 'none' } },
  tsdocMessageReporting: { default: { logLevel: 'none' } },
};

for (const { folder, name, entries } of publishedPackages()) {
  for (const entry of entries) {
    const report = `${entry.replace('/index', '').replaceAll('/', '-')}.api.md`;
    const said = extract(join(root, folder), entry, report);
    if (said.length === 0) continue;
    faults += 1;
    process.stdout.write(`${name} (${folder}/api/${report})\n${said.map((line) => `  ${line}\n`).join('')}`);
  }
}
if (faults > 0) {
  process.stdout.write('After a look at the change of surface: node scripts/check.mjs --update\n');
  process.exitCode = 1;
}

/** Gives what there is to complain about, line by line. */
function extract(packageFolder, entry, reportFileName) {
  const main = join(packageFolder, 'dist', `${entry}.d.ts`);
  if (!existsSync(main)) return [`${main} is missing: npm run build`];
  const reportFolder = join(packageFolder, 'api');
  const reportTempFolder = join(root, 'node_modules', '.cache', 'api-report', basename(packageFolder));
  mkdirSync(reportFolder, { recursive: true });
  mkdirSync(reportTempFolder, { recursive: true });
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(packageFolder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: main,
      compiler: { overrideTsconfig: compilerOptions(main), skipLibCheck: true },
      apiReport: { enabled: true, reportFileName, reportFolder, reportTempFolder },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: quiet,
      newlineKind: 'lf',
    },
  });
  const said = [];
  const result = Extractor.invoke(config, {
    localBuild: update,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) said.push(message.text);
    },
  });
  if (result.apiReportChanged && !update) said.push('the public surface differs from the report');
  return said;
}

function compilerOptions(main) {
  return {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      jsx: 'react-jsx',
      strict: true,
      skipLibCheck: true,
      types: [],
    },
    files: [main],
  };
}
