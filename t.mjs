const L = [];
const m = (n) => L.push(n + ' ' + performance.now().toFixed(0));
m('begin');
await import('./dist/src/cli/golive.js');
m('golive');
await import('@temporalio/proto');
m('proto');
await import('@temporalio/common');
m('common');
await import('@grpc/grpc-js');
m('grpc');
await import('@temporalio/client');
m('client');
await import('@temporalio/envconfig');
m('envconfig');
await import('./dist/src/cli/actions/status.js');
m('status');
const c = await import('./dist/src/temporal/connection.js');
const Conn = (await import('@temporalio/client')).Connection;
const o = Conn.connect;
Conn.connect = async function (...a) {
  m('connecting');
  const r = await o.apply(this, a);
  m('connected');
  const cl = r.close;
  r.close = async () => {
    m('closing');
    await cl.call(r);
    m('closed');
  };
  return r;
};
const ws = process.stdout.write;
process.stdout.write = function (...a) {
  m('write');
  return ws.apply(process.stdout, a);
};
process.on('exit', () => {
  m('exit');
  console.error(L.join(', '));
});
process.argv.splice(1, 1, '/tmp/h-a/dist/src/cli/main.js');
await import('/tmp/h-a/dist/src/cli/main.js');
m('main done');
