const head = `# Mutants

Faults made on purpose in important lines, one at a time, and the test that caught each. \`npm run mutants\` makes them again, in a copy of the tree;
\`npm run mutants -- --sample 30 --seed 7\` some of them, spread over the groups; \`--save\` makes this page anew. The list is
[scripts/mutants](../scripts/mutants/list.mjs): who changes one of its lines sets it right there, and \`npm test\` finds a text that is no more.

Stryker was looked at: it makes faults of its own choice, by the syntax of JavaScript, and so none inside SQL, where a fifth of these are.
`;

/** The page with the table of what became of each mutant. `folder`: of the copy that the tests ran in. */
export function resultsPage(outcomes, folder) {
  const caught = outcomes.filter(({ outcome }) => outcome.kind === 'caught').length;
  const rows = outcomes.map(({ mutant, outcome }) => {
    const by = outcome.kind === 'caught' ? caughtBy(outcome, folder) : `**${outcome.kind}**`;
    return `| ${mutant.group} | [${mutant.id}](../${mutant.file}) | ${mutant.breaks} | ${by} |`;
  });
  return [
    head,
    `${caught} of ${outcomes.length} were caught.\n`,
    '| group | mutant | what it breaks | caught by |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function caughtBy({ by, file }, folder) {
  const test = by.replaceAll('|', '\\|');
  return file === undefined ? test : `${test} ([test](../${file.replace(`${folder}/`, '')}))`;
}
