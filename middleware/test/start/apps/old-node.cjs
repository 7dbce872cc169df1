// Preloaded, makes the process believe that it runs on an older Node.

Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });
