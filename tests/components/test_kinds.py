"""The table of kinds is in order, and no kind can be granted without a count."""

from __future__ import annotations

from components.kinds import CORE, KINDS, Kind


def test_the_table_is_sorted_so_that_a_group_is_one_rule() -> None:
    keys = [(kind.group, kind.plural) for kind in KINDS]
    assert keys == sorted(keys)
    assert len(keys) == len(set(keys))


def test_a_kind_is_qualified_as_quotas_and_kubectl_do() -> None:
    assert Kind(group="batch", plural="jobs").qualified == "jobs.batch"
    assert Kind(group=CORE, plural="pods").qualified == "pods"


def test_a_limit_grows_with_the_pods_of_the_quota() -> None:
    assert Kind(group=CORE, plural="x", at_most=100, per_pod=5).limit(40) == 300
    assert Kind(group=CORE, plural="x").limit(40) == 0


def test_what_developers_write_may_exist() -> None:
    assert all(kind.limit(1) > 0 for kind in KINDS if kind.written)


def test_only_secrets_are_kept_from_viewers_and_only_volumes_from_deletion() -> None:
    assert [kind.qualified for kind in KINDS if kind.secret] == ["secrets"]
    assert [kind.qualified for kind in KINDS if kind.lasting] == ["persistentvolumeclaims"]
