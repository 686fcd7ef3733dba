import { loadedAction } from '../options/loaded-action.js';
import { Command } from 'commander';
import { EXIT } from '../exit/exit-codes.js';
import { withExamples, withServer } from '../options/shared-options.js';

export function receiveCommand(): Command {
  const command = new Command('receive')
    .summary('takes alerts of Alertmanager and Grafana, in the foreground')
    .description(
      'Takes webhooks of Alertmanager and Grafana at POST /alerts/<environment> and tells their alerts to the go-live that is open there. Only alerts with the label golive_trigger count: it names an external trigger. JSON logs on stdout; SIGINT or SIGTERM ends it in order. docs/alerts.md has the settings of both senders.',
    )
    .option(
      '--listen <host:port>',
      'where to listen; other than on this machine only with a token or a key',
      '127.0.0.1:9099',
    )
    .option('--token-file <file>', 'the bearer token that senders have to show (GOLIVE_RECEIVE_TOKEN)')
    .option('--hmac-key-file <file>', 'the secret of the HMAC signature of Grafana (GOLIVE_RECEIVE_HMAC_KEY)')
    .option('--signature-header <name>', 'the header of that signature', 'X-Grafana-Alerting-Signature')
    .option(
      '--timestamp-header <name>',
      'the header of its time; the contact point has to name the same',
      'X-Grafana-Alerting-Signature-Timestamp',
    )
    .action(loadedAction(async () => (await import('../actions/receive.js')).receive));
  return withExamples(
    withServer(command),
    [
      'GOLIVE_RECEIVE_TOKEN=… golive receive',
      'golive receive --listen 0.0.0.0:9099 --token-file /etc/golive/receive-token',
    ],
    [EXIT.ok, EXIT.failed, EXIT.usage, EXIT.noServer, EXIT.interrupted],
  );
}
