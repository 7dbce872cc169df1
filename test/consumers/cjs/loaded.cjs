// Prints the names of the packages that are loaded.
'use strict';

const names = Object.keys(require.cache).flatMap(
  (file) => /.*[\\/](?:node_modules)[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? [],
);
console.log(JSON.stringify([...new Set(names)].sort()));
