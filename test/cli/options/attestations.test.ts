import { describe, expect, test } from '@jest/globals';
import { attestationOption, ATTESTATION_KEYS } from '../../../src/cli/options/attestations.js';

describe('--attest key=text', () => {
  test('adds up, takes the key also as a hold shows it, and keeps equals signs of the text', () => {
    const first = attestationOption('stagingParity=compared, a=b');
    expect(attestationOption('restore-drill= passed ', first)).toEqual({
      stagingParity: 'compared, a=b',
      restoreDrill: 'passed',
    });
  });

  test.each([
    ['stagingparity=x', /Did you mean "stagingParity"/],
    [
      'weather=fine',
      /no attestation "weather"\. Known here: restoreDrill, stagingParity, openIncidents, frozenRules, earlierCommands\.$/,
    ],
    ['openIncidents', /key=text/],
    ['openIncidents=  ', /key=text/],
    ['=x', /key=text/],
  ])('refuses %s with a sentence that helps', (text, message) => {
    expect(() => attestationOption(text)).toThrow(message);
  });

  test('refuses the same twice, for one of them would be lost', () => {
    expect(() => attestationOption('openIncidents=b', { openIncidents: 'a' })).toThrow(/twice/);
  });

  test('knows every attestation a start takes', () => {
    expect(ATTESTATION_KEYS).toEqual([
      'restoreDrill',
      'stagingParity',
      'openIncidents',
      'frozenRules',
      'earlierCommands',
    ]);
  });
});
