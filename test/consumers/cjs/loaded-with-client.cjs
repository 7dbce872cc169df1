// Makes a client, then prints the names of the packages that are loaded.
'use strict';

require('@longpole/express').createClient();
require('./loaded.cjs');
