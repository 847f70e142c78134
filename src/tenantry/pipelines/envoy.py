"""How Envoy turns what a browser can send (gRPC-Web) into what ML Metadata understands (gRPC)."""

from __future__ import annotations

from typing import Any

import yaml

from tenantry.pipelines import words

_TYPES = "type.googleapis.com/envoy.extensions"
_HTTP = f"{_TYPES}.filters.http"
CLUSTER = "metadata"


def _address(host: str, port: int) -> dict[str, Any]:
    return {"socket_address": {"address": host, "port_value": port}}


def _manager() -> dict[str, Any]:
    forever = {"grpc_timeout_header_max": "0s"}
    route = {"match": {"prefix": "/"}, "route": {"cluster": CLUSTER, "max_stream_duration": forever}}
    return {
        "@type": f"{_TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "ingress",
        "codec_type": "AUTO",
        "route_config": {"virtual_hosts": [{"name": CLUSTER, "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {"name": "envoy.filters.http.grpc_web", "typed_config": {"@type": f"{_HTTP}.grpc_web.v3.GrpcWeb"}},
            {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{_HTTP}.router.v3.Router"}},
        ],
    }


def _listener() -> dict[str, Any]:
    manager = {"name": "envoy.filters.network.http_connection_manager", "typed_config": _manager()}
    return {
        "name": "grpc-web",
        "address": _address("0.0.0.0", words.ENVOY_PORT),  # noqa: S104 - in a pod, behind the namespace's policies
        "filter_chains": [{"filters": [manager]}],
    }


def _cluster() -> dict[str, Any]:
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    endpoint = {"endpoint": {"address": _address(words.METADATA, words.METADATA_PORT)}}
    return {
        "name": CLUSTER,
        "type": "LOGICAL_DNS",
        "connect_timeout": "30s",
        "typed_extension_protocol_options": {
            options: {
                "@type": f"type.googleapis.com/{options}",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        },
        "load_assignment": {"cluster_name": CLUSTER, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def envoy_config() -> dict[str, Any]:
    """The whole of Envoy's configuration. Its administration answers inside the pod only: it can stop the proxy."""
    return {
        "admin": {"address": _address("127.0.0.1", 9901)},
        "static_resources": {"listeners": [_listener()], "clusters": [_cluster()]},
    }


ENVOY = yaml.safe_dump(envoy_config(), sort_keys=False)
"""The same as text, as Envoy reads it."""
