// Reads what the test runners report into one shape: { passed, skipped, failed: [{ title, detail }] }.

/** The JSON report of vitest. */
export function readVitest(report) {
  const outcome = { passed: 0, skipped: 0, failed: [] };
  for (const file of report.testResults) {
    const path = file.name.replaceAll('\\', '/').split('/').slice(-3).join('/');
    // A file that could not even be loaded has no tests, only a message.
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      outcome.failed.push({ title: path, detail: file.message });
    for (const { status, fullName, failureMessages } of file.assertionResults)
      if (status === 'passed') outcome.passed++;
      else if (status === 'failed')
        outcome.failed.push({ title: `${path}: ${fullName}`, detail: failureMessages.join('\n') });
      else outcome.skipped++;
  }
  return outcome;
}

/** The JSON report of Playwright. */
export function readPlaywright(report) {
  const outcome = { passed: 0, skipped: 0, failed: [] };
  for (const error of report.errors) outcome.failed.push({ title: 'before any test', detail: textOf(error) });
  const visit = (suite, titles) => {
    for (const inner of suite.suites ?? []) visit(inner, [...titles, inner.title]);
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests)
        if (test.status === 'expected') outcome.passed++;
        else if (test.status === 'skipped') outcome.skipped++;
        else
          outcome.failed.push({
            title: [...titles, spec.title].join(': '),
            detail: test.results.flatMap(({ errors }) => errors.map(textOf)).join('\n'),
          });
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  return outcome;
}

const textOf = ({ message, stack }) => stack ?? message ?? '';

/** Without colours, and not longer than a reader wants. */
export function shorten(text, lines) {
  // biome-ignore lint/complexity/useRegexLiterals: the literal would hold a control character
  const all = text.replace(new RegExp('\\u001b\\[[0-9;]*m', 'g'), '').trim().split('\n');
  return all.length <= lines ? all : [...all.slice(0, lines), `... and ${all.length - lines} more lines`];
}
