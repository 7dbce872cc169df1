// The same with Express imported before the tracing, and the app made before it is loaded.

import express from 'express';
import { serve } from '../serve.cjs';

const app = express();
const { tracing } = await import('@longpole/express');
app.use(tracing({ service: 'orders' }));
serve(app, express);
