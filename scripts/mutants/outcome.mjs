/**
 * What became of a mutant, by the JSON report of the tests that were run (null: they were ended at the deadline): `caught` by the named test, `survived`,
 * or `broken`: it does not even load, which is no fault that a test could notice.
 */
export function outcomeOf(report) {
  if (report === null) return { kind: 'caught', by: 'the deadline: the tests never came to an end' };
  const failed = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, title }) => ({ file: name, test: fullName || title })),
  );
  const [first] = failed;
  if (first !== undefined) return { kind: 'caught', by: first.test, file: first.file };
  const unloaded = report.testResults.find(({ status }) => status === 'failed');
  if (unloaded !== undefined) return { kind: 'broken', by: firstLine(unloaded.message), file: unloaded.name };
  if (report.numTotalTests === 0) return { kind: 'broken', by: 'no test was run' };
  return report.success ? { kind: 'survived' } : { kind: 'caught', by: 'an error outside of every test' };
}

const firstLine = (text) => (text ?? '').trim().split('\n')[0];
