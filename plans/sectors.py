"""The sector tree 材料门类: a fixed top level, sub-sectors below it, aliases beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from errors import DataError
from geo.tables import read_table, split_list


@dataclass(frozen=True, slots=True)
class Sector:
    """One node of the tree; its dotted code spells its ancestry.

    Attributes
    ----------
    gbt4754
        Classes of GB/T 4754—2017 (国民经济行业分类) that cover most of it; empty where none does.
    sei2018
        Groups of 战略性新兴产业分类（2018） nearest to it, to the second level. A code does not
        say that every plant in the sector counts as such.
    """

    code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    colour: str
    heads: tuple[str, ...] = ()
    gbt4754: tuple[str, ...] = ()
    sei2018: tuple[str, ...] = ()

    @property
    def parent_code(self) -> str:
        """Code of the node above, empty at the top level."""
        return self.code.rpartition(".")[0]

    @property
    def top_code(self) -> str:
        """Code of the top-level sector."""
        return self.code.partition(".")[0]

    @property
    def lineage(self) -> tuple[str, ...]:
        """Codes from the node itself up to the top level."""
        parts = self.code.split(".")
        return tuple(".".join(parts[:n]) for n in range(len(parts), 0, -1))


class SectorTree:
    """All sectors by code, in the order of the file."""

    def __init__(self, sectors: Iterable[Sector]) -> None:
        self._sectors = {sector.code: sector for sector in sectors}
        for sector in self:
            if sector.parent_code and sector.parent_code not in self._sectors:
                raise DataError(f"材料门类 {sector.code} 的上级 {sector.parent_code} 不存在")
            if not sector.parent_code and not sector.colour:
                raise DataError(f"一级门类 {sector.code} 没有颜色")
        self._names = {n: s.code for s in self for n in (s.name_zh, *s.aliases)}
        self._heads = {head: s.code for s in self for head in s.heads}

    def __iter__(self) -> Iterator[Sector]:
        return iter(self._sectors.values())

    def __contains__(self, code: str) -> bool:
        return code in self._sectors

    def __getitem__(self, code: str) -> Sector:
        return self._sectors[code]

    def top(self) -> list[Sector]:
        """List the top-level sectors in reading order."""
        return [sector for sector in self if not sector.parent_code]

    def classify(self, words: str) -> Sector:
        """Find the sector an industry's words belong to; the head noun, which stands last, decides.

        The longest name or alias that the words end with, else the last one they contain,
        else the longest head they end with, else 其他产业.
        """
        for start in range(len(words)):
            if words[start:] in self._names:
                found = self[self._names[words[start:]]]
                if start and found.top_code == "new-materials":  # 铜基新材料 is copper's
                    before = self.classify(words[:start])
                    return found if before.code == "other" else before
                return found
        inside = [
            (end, end - start, self._names[words[start:end]])
            for start in range(len(words))
            for end in range(start + 2, len(words) + 1)
            if words[start:end] in self._names
        ]
        if inside:
            return self[max(inside)[2]]
        for start in range(len(words)):
            if words[start:] in self._heads:
                return self[self._heads[words[start:]]]
        return self["other"]

    def path_names(self, code: str) -> tuple[str, ...]:
        """Chinese names from the top level down to a sector."""
        return tuple(self[c].name_zh for c in reversed(self[code].lineage))


def load_sectors(path: Path) -> SectorTree:
    """Read `data/sectors.csv`.

    Raises
    ------
    DataError
        The table breaks its contract, or a code does not extend its parent's.
    """
    sectors = []
    for row in read_table(path, ("code", "parent_code", "name_zh", "name_en", "aliases", "colour")):
        sector = Sector(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            aliases=split_list(row["aliases"], ";"),
            colour=row["colour"],
            heads=split_list(row.get("heads", ""), ";"),
            gbt4754=split_list(row.get("gbt4754", ""), ";"),
            sei2018=split_list(row.get("sei2018", ""), ";"),
        )
        if sector.parent_code != row["parent_code"]:
            raise DataError(f"材料门类 {sector.code} 的编码与上级 {row['parent_code']} 不一致")
        sectors.append(sector)
    return SectorTree(sectors)
