#!/usr/bin/env -S node --conditions=@parley/source
import '../src/main.ts';
