// Preloaded into what the scripts start: the channel to the parent closes when the parent is gone, by kill -9 too.
const graceMs = 20_000;

if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), graceMs).unref();
  });
  // A channel that is listened to would keep the process alive.
  process.channel.unref();
}
