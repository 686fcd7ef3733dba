import type { SmokeResult } from './smoke-tests.js';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Test results as pytest's --junitxml writes them. */
export function junitXml(classname: string, results: readonly SmokeResult[], host: string): string {
  const cases = results.map(({ name, seconds, failure }) => {
    const attributes = `classname="${classname}" name="${name}" time="${seconds.toFixed(3)}"`;
    if (failure === null) return `<testcase ${attributes} />`;
    return `<testcase ${attributes}><failure message="${escape(failure)}">${escape(failure)}</failure></testcase>`;
  });
  return suite(cases.join(''), results, host);
}

/** The report of a run in which the test module could not even be imported. */
export function collectionErrorXml(module: string, error: string, host: string): string {
  return suite(
    `<testcase classname="" name="${module}" time="0.000"><error message="collection failure">${escape(error)}</error></testcase>`,
    [],
    host,
    1,
  );
}

function suite(cases: string, results: readonly SmokeResult[], host: string, errors = 0): string {
  const failures = results.filter((result) => result.failure !== null).length;
  const time = results.reduce((sum, result) => sum + result.seconds, 0).toFixed(3);
  const timestamp = new Date().toISOString().replace('Z', '000+00:00');
  return (
    '<?xml version="1.0" encoding="utf-8"?><testsuites>' +
    `<testsuite name="pytest" errors="${errors}" failures="${failures}" skipped="0" tests="${results.length + errors}" time="${time}" timestamp="${timestamp}" hostname="${escape(host)}">` +
    `${cases}</testsuite></testsuites>`
  );
}
