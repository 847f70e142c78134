"""What Pulumi's language host runs: the rules of `tenantry check`, served to the engine."""

from tenantry.policies import pack

pack.main()
