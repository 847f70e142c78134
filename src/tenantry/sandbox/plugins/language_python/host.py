"""The gRPC service `LanguageRuntime`: runs a project's program in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2, plugin_pb2

from tenantry.sandbox.plugins.language_python.environment import python
from tenantry.sandbox.plugins.protocol import Call

SERVICE: Final = "pulumirpc.LanguageRuntime"
RUNNER: Final = Path(__file__).with_name("runner.py")
TOLD: Final = 32
"""Exit code of a program that has already told the person what is wrong; the official host's own number."""
GRACE: Final = 5.0
"""Seconds that a program has to end after an interrupt, as in the official host."""


class Host:
    """One language host. The engine asks it to run one program at a time."""

    def __init__(self, engine: str = "") -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._stopped = False
        self._programs: set[subprocess.Popen[bytes]] = set()

    def handshake(self, _: language_pb2.LanguageHandshakeRequest) -> language_pb2.LanguageHandshakeResponse:
        """Nothing to agree on."""
        return language_pb2.LanguageHandshakeResponse()

    def info(self, _: Empty) -> plugin_pb2.PluginInfo:
        """No version: the engine then asks for none."""
        return plugin_pb2.PluginInfo()

    def about(self, _: language_pb2.AboutRequest) -> language_pb2.AboutResponse:
        """For `pulumi about`."""
        return language_pb2.AboutResponse(executable=sys.executable, version=platform.python_version())

    def packages(self, _: language_pb2.GetRequiredPackagesRequest) -> language_pb2.GetRequiredPackagesResponse:
        """None beforehand: the engine gets a provider when a program first asks for one of its resources."""
        return language_pb2.GetRequiredPackagesResponse()

    def plugins(self, _: language_pb2.GetRequiredPluginsRequest) -> language_pb2.GetRequiredPluginsResponse:
        """As `packages`, for older engines."""
        return language_pb2.GetRequiredPluginsResponse()

    def dependencies(
        self, _: language_pb2.GetProgramDependenciesRequest
    ) -> language_pb2.GetProgramDependenciesResponse:
        """For `pulumi about`; `uv tree` tells more."""
        return language_pb2.GetProgramDependenciesResponse()

    def prompts(self, _: language_pb2.RuntimeOptionsRequest) -> language_pb2.RuntimeOptionsResponse:
        """For `pulumi new`: nothing to ask."""
        return language_pb2.RuntimeOptionsResponse()

    def run(self, request: language_pb2.RunRequest) -> language_pb2.RunResponse:
        """Run the program to its end.

        Raises:
            PlatformError: the project's Python environment is not there.
        """
        info = request.info
        interpreter = python(Path(info.root_directory), Path(info.program_directory), MessageToDict(info.options))
        program = str(Path(info.program_directory, info.entry_point))
        command = [interpreter, "-u", str(RUNNER), *self._arguments(request), program, *request.args]
        code = self._finish(command, request.pwd, _variables(request))
        if code == TOLD:
            return language_pb2.RunResponse(bail=True)
        if code < 0:
            return language_pb2.RunResponse(error=f"the program was ended by {signal.Signals(-code).name}")
        return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}" if code else "")

    def run_plugin(
        self, request: language_pb2.RunPluginRequest, cancelled: Callable[[Callable[[], None]], object]
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a plugin that is a Python program, as a policy pack is, and pass on what it prints.

        Raises:
            PlatformError: its Python environment is not there.
        """
        info = request.info
        interpreter = python(Path(info.root_directory), Path(info.program_directory), MessageToDict(info.options))
        variables = {**os.environ, **dict(pair.split("=", 1) for pair in request.env if "=" in pair)}
        plugin = subprocess.Popen(
            [interpreter, "-u", info.program_directory, *request.args],
            cwd=request.pwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        cancelled(plugin.terminate)
        with self._lock:
            self._programs.add(plugin)
        return self._output(plugin)

    def _output(self, plugin: subprocess.Popen[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
        with plugin:
            try:
                for line in plugin.stdout or ():
                    yield language_pb2.RunPluginResponse(stdout=line)
                yield language_pb2.RunPluginResponse(exitcode=plugin.wait())
            finally:
                plugin.kill()
                with self._lock:
                    self._programs.discard(plugin)

    def cancel(self, _: Empty) -> Empty:
        """Interrupt the program."""
        self.stop()
        return Empty()

    def stop(self) -> None:
        """Interrupt what runs, and end what then still runs."""
        with self._lock:
            self._stopped, programs = True, list(self._programs)
        for program in programs:
            program.send_signal(signal.SIGINT)
        for program in programs:
            try:
                program.wait(GRACE)
            except subprocess.TimeoutExpired:
                program.kill()

    def calls(self) -> Mapping[str, Call]:
        """The service's methods."""
        functions: dict[str, tuple[Any, str]] = {
            "Handshake": (self.handshake, "LanguageHandshake"),
            "About": (self.about, "About"),
            "GetRequiredPackages": (self.packages, "GetRequiredPackages"),
            "GetRequiredPlugins": (self.plugins, "GetRequiredPlugins"),
            "GetProgramDependencies": (self.dependencies, "GetProgramDependencies"),
            "RuntimeOptionsPrompts": (self.prompts, "RuntimeOptions"),
            "Run": (self.run, "Run"),
        }
        messages = vars(language_pb2)
        calls = {
            name: Call(function, messages[f"{message}Request"], messages[f"{message}Response"])
            for name, (function, message) in functions.items()
        }
        return calls | {
            "RunPlugin": Call(
                self.run_plugin, language_pb2.RunPluginRequest, language_pb2.RunPluginResponse, streams=True
            ),
            "GetPluginInfo": Call(self.info, Empty, plugin_pb2.PluginInfo),
            "Cancel": Call(self.cancel, Empty, Empty),
        }

    def _arguments(self, request: language_pb2.RunRequest) -> list[str]:
        """The runner's options, which are those of the official host's own runner."""
        options = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        return [part for name, value in options.items() if value for part in (f"--{name}", value)]

    def _finish(self, command: list[str], folder: str, variables: Mapping[str, str]) -> int:
        """Run a program to its end; its output goes where ours goes, to the engine."""
        with self._lock:
            if self._stopped:
                return -signal.SIGINT
            program = subprocess.Popen(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL)
            self._programs.add(program)
        try:
            return program.wait()
        finally:
            with self._lock:
                self._programs.discard(program)


def _variables(request: language_pb2.RunRequest) -> dict[str, str]:
    """Our environment, with the stack's configuration as the SDK reads it."""
    config = {"PULUMI_CONFIG": json.dumps(dict(request.config))} if request.config else {}
    secret = list(request.configSecretKeys)
    return {**os.environ, **config, **({"PULUMI_CONFIG_SECRET_KEYS": json.dumps(secret)} if secret else {})}
