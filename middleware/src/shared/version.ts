// The name and version that our spans carry as their instrumentation scope.

export const PACKAGE = '@longpole/express';
export const VERSION = '0.1.0';
