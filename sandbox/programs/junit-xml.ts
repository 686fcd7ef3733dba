import type { SmokeResult } from './smoke-tests.js';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Test results as pytest's --junitxml writes them. */
export function junitXml(classname: string, results: readonly SmokeResult[], host: string): string {
  const cases = results.map(({ name, seconds, failure }) => {
    const attributes = `classname="${classname}" name="${name}" time="${seconds.toFixed(3)}"`;
    if (failure === null) return `<testcase ${attributes} />`;
    return `<testcase ${attributes}><failure message="${escape(failure)}">${escape(failure)}</failure></testcase>`;
  });
  const failures = results.filter((result) => result.failure !== null).length;
  const time = results.reduce((sum, result) => sum + result.seconds, 0).toFixed(3);
  const timestamp = new Date().toISOString().replace('Z', '000+00:00');
  return (
    '<?xml version="1.0" encoding="utf-8"?><testsuites>' +
    `<testsuite name="pytest" errors="0" failures="${failures}" skipped="0" tests="${results.length}" time="${time}" timestamp="${timestamp}" hostname="${escape(host)}">` +
    `${cases.join('')}</testsuite></testsuites>`
  );
}
