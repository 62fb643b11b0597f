// Checks a tlog-tiles directory with golang.org/x/mod/sumdb/{note,tlog} alone: the signature, every
// tile, every entry, and inclusion and consistency proofs made from them. Usage: check DIR
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func refuse(why ...interface{}) {
	fmt.Println(append([]interface{}{"REFUSED:"}, why...)...)
	os.Exit(1)
}

func must(err error) {
	if err != nil {
		refuse(err)
	}
}

// tilePath is C2SP's path of the nth of a row of tiles; x/mod's own has the height in it.
func tilePath(n int64, w int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if w < width {
		path += ".p/" + strconv.FormatInt(w, 10)
	}
	return path
}

func read(dir string, n int64, w int64) []byte {
	content, err := os.ReadFile(filepath.Join(dir, tilePath(n, w)))
	must(err)
	return content
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

type log struct {
	dir    string
	size   int64
	root   tlog.Hash
	hashes []tlog.Hash
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, l.hashes[i])
	}
	return out, nil
}

func open(dir string) *log {
	vkey, err := os.ReadFile(filepath.Join(dir, "log.vkey"))
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	must(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	checkpoint, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(checkpoint.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		refuse("the checkpoint is of another origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	l := &log{dir: dir, size: size}
	copy(l.root[:], root)
	return l
}

// entries recomputes every leaf from the entry bundles and compares level 0.
func (l *log) entries() {
	for n := int64(0); n*width < l.size; n++ {
		w := min(width, l.size-n*width)
		bundle := read(filepath.Join(l.dir, "tile/entries"), n, w)
		level0 := read(filepath.Join(l.dir, "tile/0"), n, w)
		if int64(len(level0)) != w*tlog.HashSize {
			refuse("tile 0", n, "has another length")
		}
		for i := int64(0); i < w; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				refuse("the bundle", n, "is cut")
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2:end]
			bundle = bundle[end:]
			stored, err := tlog.StoredHashes(n*width+i, entry, l)
			must(err)
			leaf := tlog.RecordHash(entry)
			if !bytes.Equal(leaf[:], level0[i*32:i*32+32]) {
				refuse("tile 0 differs at entry", n*width+i)
			}
			l.hashes = append(l.hashes, stored...)
		}
		if len(bundle) != 0 {
			refuse("the bundle", n, "holds more")
		}
	}
}

func (l *log) tiles() {
	for level := 1; l.size>>(8*uint(level)) > 0; level++ {
		hashes := l.size >> (8 * uint(level))
		for n := int64(0); n*width < hashes; n++ {
			w := min(width, hashes-n*width)
			got := read(filepath.Join(l.dir, "tile", strconv.Itoa(level)), n, w)
			want, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: int(w)}, l)
			must(err)
			if !bytes.Equal(got, want) {
				refuse("tile", level, n, "differs")
			}
		}
	}
}

func (l *log) proofs() {
	for i := int64(0); i < l.size; i += 1 + l.size/50 {
		inclusion, err := tlog.ProveRecord(l.size, i, l)
		must(err)
		must(tlog.CheckRecord(inclusion, l.size, l.root, i, l.hashes[tlog.StoredHashIndex(0, i)]))
		consistency, err := tlog.ProveTree(l.size, i+1, l)
		must(err)
		earlier, err := tlog.TreeHash(i+1, l)
		must(err)
		must(tlog.CheckTree(consistency, l.size, l.root, i+1, earlier))
	}
}

func main() {
	l := open(os.Args[1])
	l.entries()
	root, err := tlog.TreeHash(l.size, l)
	must(err)
	if root != l.root {
		refuse("the root is another")
	}
	l.tiles()
	l.proofs()
	fmt.Println("ACCEPTED", l.size)
}
