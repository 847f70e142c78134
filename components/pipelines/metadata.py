"""ML Metadata: what every step read and made. Only for releases that still have it (kubeflow/pipelines#14029)."""

from __future__ import annotations

from components.pipelines import env
from components.pipelines.config import CONFIG
from components.pipelines.deployment import Part, deploy, wait_for
from components.pipelines.place import Annotations, Place
from components.pipelines.service_accounts import Account, account
from tenantry.pipelines import words
from tenantry.pipelines.config import digest, metadata_config
from tenantry.pipelines.envoy import ENVOY

SERVER = "metadata-grpc-deployment"
PROXY = "metadata-envoy-deployment"
LARGE = 100 * 1024 * 1024
"""Bytes of one message at most, as upstream has it: a run's graph comes in one."""

CHANNEL = f"grpc.max_metadata_size=16384,grpc.max_receive_message_length={LARGE},grpc.max_send_message_length={LARGE}"
ARGUMENTS = (
    f"--grpc_port={words.METADATA_PORT}",
    "--mysql_config_database=$(MYSQL_DATABASE)",
    "--mysql_config_host=$(MYSQL_HOST)",
    "--mysql_config_port=$(MYSQL_PORT)",
    "--mysql_config_user=$(DBCONFIG_USER)",
    "--mysql_config_password=$(DBCONFIG_PASSWORD)",
    "--enable_database_upgrade=true",
    f"--grpc_channel_arguments={CHANNEL}",
)


def metadata(place: Place, namespace: str, restarts_on: Annotations) -> None:
    """The server, and the proxy that lets browsers speak to it."""
    if not place.release.metadata:
        return
    place.config(words.METADATA_CONFIG, metadata_config(namespace))
    here = account(place, "metadata-grpc-server")
    server = deploy(place, _server(place, here, restarts_on))
    proxy = deploy(place, _proxy(place, here), {"sidecar.istio.io/inject": "false"})
    place.service(words.METADATA, SERVER, [("grpc-api", words.METADATA_PORT, words.METADATA_PORT)], server)
    place.service(words.ENVOY, PROXY, [("md-envoy", words.ENVOY_PORT, words.ENVOY_PORT)], proxy)


def _server(place: Place, here: Account, restarts_on: Annotations) -> Part:
    found = {"MYSQL_DATABASE": "mlmdDb", "MYSQL_HOST": "mysqlHost", "MYSQL_PORT": "mysqlPort"}
    keys = {"DBCONFIG_USER": "username", "DBCONFIG_PASSWORD": "password"}
    waits = env.from_config(words.INSTALL_CONFIG, {"WAIT_HOST": "mysqlHost", "WAIT_PORT": "mysqlPort"})
    return Part(
        name=SERVER,
        account=here,
        restarts_on=restarts_on,
        init=[wait_for(place, "database", waits)],
        container={
            "name": "container",
            "image": place.release.images["metadata-store"],
            "command": ["/bin/metadata_store_server"],
            "args": list(ARGUMENTS),
            "env": [
                *env.from_config(words.INSTALL_CONFIG, found),
                *env.from_secret(place.database.secret, keys),
            ],
            "ports": [{"name": "grpc-api", "container_port": words.METADATA_PORT}],
            "readiness_probe": {
                "tcp_socket": {"port": words.METADATA_PORT},
                "initial_delay_seconds": 3,
                "period_seconds": 5,
                "timeout_seconds": 2,
            },
            "liveness_probe": {
                "tcp_socket": {"port": words.METADATA_PORT},
                "initial_delay_seconds": 3,
                "period_seconds": 5,
                "timeout_seconds": 2,
            },
        },
    )


def _proxy(place: Place, here: Account) -> Part:
    settings = {"envoy-config.yaml": ENVOY}
    config = place.config(words.ENVOY_CONFIG, settings)
    return Part(
        name=PROXY,
        account=here,
        restarts_on={CONFIG: digest(settings)},
        container={
            "name": "container",
            "image": place.release.images["metadata-envoy"],
            "args": ["/etc/envoy/envoy-config.yaml"],
            "ports": [{"name": "md-envoy", "container_port": words.ENVOY_PORT}],
            "readiness_probe": {"tcp_socket": {"port": words.ENVOY_PORT}, "period_seconds": 10},
            "volume_mounts": [{"name": "config", "mount_path": "/etc/envoy", "read_only": True}],
        },
        volumes=[{"name": "config", "config_map": {"name": config.metadata.name}}],
    )
