"""The GPU flavors that a tenant may name, and what a cluster calls them."""

from __future__ import annotations

from dataclasses import dataclass

RESOURCE = "nvidia.com/gpu"
"""Extended resource that the NVIDIA device plugin advertises."""

PRODUCT_LABEL = "nvidia.com/gpu.product"
"""Node label that NVIDIA's GPU feature discovery sets to the device's product name."""


@dataclass(frozen=True)
class GpuFlavor:
    """One kind of GPU."""

    product: str
    """Value of `PRODUCT_LABEL`, as GPU feature discovery writes it."""
    memory_gib: int
    """Memory of one device in GiB."""
    instance_type: str
    """Smallest EC2 instance type that carries it."""


FLAVORS = {
    "t4": GpuFlavor("Tesla-T4", 16, "g4dn.xlarge"),
    "l4": GpuFlavor("NVIDIA-L4", 24, "g6.xlarge"),
    "a10g": GpuFlavor("NVIDIA-A10G", 24, "g5.xlarge"),
    "l40s": GpuFlavor("NVIDIA-L40S", 48, "g6e.xlarge"),
    "a100": GpuFlavor("NVIDIA-A100-SXM4-40GB", 40, "p4d.24xlarge"),
    "h100": GpuFlavor("NVIDIA-H100-80GB-HBM3", 80, "p5.48xlarge"),
}
"""Every flavor by the word that tenant and environment files use. Sources: NVIDIA's
product names in GPU feature discovery, AWS's accelerated instance types."""
