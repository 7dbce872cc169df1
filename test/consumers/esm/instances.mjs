// Prints the names that each way of loading the package gives, and whether they are one instance.

import { createRequire } from 'node:module';
import * as imported from '@longpole/express';

const require = createRequire(import.meta.url);
const required = require('@longpole/express');
const commonJs = require('../node_modules/@longpole/express/dist/cjs/index.js');
const names = (exported) =>
  Object.keys(exported).filter((name) => name !== '__esModule' && name !== 'default');

console.log(
  JSON.stringify({
    isOneInstance: imported.startTracing === required.startTracing,
    imported: names(imported).toSorted(),
    commonJs: names(commonJs).toSorted(),
    handlesAreOne: imported.startTracing({ log() {} }) === commonJs.startTracing({ log() {} }),
  }),
);
