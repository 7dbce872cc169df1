// Preloaded into every process the mesh starts: stops it when the mesh is gone, however the mesh went.
const LAST_MOMENT_MS = 10_000;

process.once('disconnect', () => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stream.destroy());
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_MOMENT_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
