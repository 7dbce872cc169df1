// An Express app as an ES module that knows nothing of tracing.

import express from 'express';
import { serve } from '../serve.cjs';

serve(express(), express);
