"""The toolchain: the code of `src/tenantry/sandbox/toolchain/`."""
