#!/bin/sh
# Only looked at by the tests, never run.
exec "$(dirname "$0")/CASecureBrowser"
