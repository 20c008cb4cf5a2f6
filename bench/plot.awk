# SPDX-License-Identifier: GPL-2.0-or-later
# plot.awk: draw the figures of bench/plot as an SVG: both scales are logarithmic, each line has its
# name at its end, and the colours suit light and dark pages.
#
#	awk -v machine=TEXT -f plot.awk FIGURES
#
# The first line of FIGURES has the names in quotes ("processes" "ours" ...), the others numbers.

function plain(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	return text
}
function x(value) {
	return LEFT + (log(value) - log(from)) / (log(to) - log(from)) * (RIGHT - LEFT)
}
function y(value) {
	return BOTTOM - (log(value) - log(low)) / (log(high) - log(low)) * (BOTTOM - TOP)
}
# A power of ten, or a number as it is read.
function number(value) {
	return value >= 1000 ? int(value / 1000) ",000" : value ""
}

BEGIN {
	WIDTH = 720
	HEIGHT = 400
	LEFT = 56
	RIGHT = 570
	TOP = 56
	BOTTOM = 330
	from = low = 1e9
}
NR == 1 {
	lines = split($0, names, /" *"/)
	sub(/^"/, "", names[1])
	sub(/"$/, "", names[lines])
	next
}
{
	counts[++rows] = $1
	from = $1 < from ? $1 : from
	to = $1 > to ? $1 : to
	for (i = 2; i <= lines; i++) {
		figure[rows, i] = $i > 0.01 ? $i : 0.01
		low = figure[rows, i] < low ? figure[rows, i] : low
		high = figure[rows, i] > high ? figure[rows, i] : high
	}
}
END {
	if (rows < 2)
		exit 1
	low = exp(log(10) * int(log(low) / log(10) - (low < 1)))
	high *= 1.2
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " WIDTH " " HEIGHT "\" role=\"img\"" \
		" aria-labelledby=\"cost-title cost-text\">"
	print "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->"
	print "<title id=\"cost-title\">pgrep NAME: processor time by number of processes</title>"
	printf "<desc id=\"cost-text\">Milliseconds with %d processes:", counts[rows]
	for (i = 2; i <= lines; i++)
		printf " %s %s%s", plain(names[i]), figure[rows, i], (i == lines ? "." : ",")
	print " Measured on " plain(machine) ".</desc>"
	print "<style>"
	print "svg { font: 13px sans-serif; color-scheme: light dark; background: #ffffff }"
	print "text { fill: #1f2328 } .note { fill: #59636e; font-size: 11px }"
	print ".grid { stroke: #d1d9e0 } polyline { fill: none; stroke-width: 2.5 }"
	split("#0969da #59636e #cf222e #9a6700 #8250df #1a7f37", light, " ")
	split("#4493f8 #9198a1 #f85149 #d29922 #ab7df8 #3fb950", dark, " ")
	for (i = 2; i <= lines; i++)
		printf ".l%d { stroke: %s } text.l%d { fill: %s; stroke: none }\n", i, light[(i - 2) % 6 + 1], \
			i, light[(i - 2) % 6 + 1]
	print "@media (prefers-color-scheme: dark) {"
	print "svg { background: #0d1117 } text { fill: #f0f6fc } .note { fill: #9198a1 }"
	print ".grid { stroke: #3d444d }"
	for (i = 2; i <= lines; i++)
		printf ".l%d { stroke: %s } text.l%d { fill: %s }\n", i, dark[(i - 2) % 6 + 1], i, \
			dark[(i - 2) % 6 + 1]
	print "}"
	print "</style>"
	print "<text x=\"" LEFT "\" y=\"24\" font-weight=\"bold\">pgrep NAME: processor time (milliseconds)" \
		" by number of processes</text>"
	print "<text class=\"note\" x=\"" LEFT "\" y=\"42\">both scales are logarithmic; " plain(machine) "</text>"
	for (tick = low; tick <= high; tick *= 10) {
		printf "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n", LEFT, RIGHT, \
			y(tick), y(tick)
		printf "<text class=\"note\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 6, \
			y(tick) + 4, number(tick)
	}
	for (r = 1; r <= rows; r++)
		printf "<text class=\"note\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", \
			x(counts[r]), BOTTOM + 20, number(counts[r])
	printf "<text class=\"note\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">processes</text>\n", \
		LEFT + (RIGHT - LEFT) / 2, BOTTOM + 42
	# names from the lowest line to the highest, never closer than a line of text
	at = HEIGHT
	for (done = 2; done <= lines; done++) {
		best = 0
		for (i = 2; i <= lines; i++)
			if (!drawn[i] && (!best || figure[rows, i] < figure[rows, best]))
				best = i
		drawn[best] = 1
		printf "<polyline class=\"l%d\" points=\"", best
		for (r = 1; r <= rows; r++)
			printf "%s%.1f,%.1f", (r == 1 ? "" : " "), x(counts[r]), y(figure[r, best])
		print "\"/>"
		place = y(figure[rows, best]) + 4
		at = place > at - 16 ? at - 16 : place
		printf "<text class=\"l%d\" x=\"%d\" y=\"%.1f\">%s</text>\n", best, RIGHT + 8, at, plain(names[best])
	}
	print "</svg>"
}
