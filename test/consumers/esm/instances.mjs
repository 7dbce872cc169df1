// Prints the names that each way of loading the package gives, and whether they are one instance.

import { createRequire } from 'node:module';
import * as imported from '@longpole/express';

const require = createRequire(import.meta.url);
const required = require('@longpole/express');
const names = (exported) =>
  Object.keys(exported).filter((name) => !['__esModule', 'default', 'module.exports'].includes(name));

console.log(
  JSON.stringify({
    isOneInstance: imported.startTracing === required.startTracing,
    imported: names(imported).toSorted(),
    required: names(required).toSorted(),
    handlesAreOne: imported.startTracing({ log() {} }) === required.startTracing({ log() {} }),
  }),
);
