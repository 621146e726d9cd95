# Follows the calls of machine code: prints each function of a JVM that the program can reach through the JDK's
# libraries, and from which function that is linked with the program ("JVM_Halt Java_java_lang_Shutdown_halt0").
#
# Reads "nm -D" of the program; then for each library a line "library NAME", "nm -D", "readelf --debug-dump=frames",
# which knows where functions without a name begin, and "objdump -d". A function whose address another one takes counts
# as called. Tables of functions are not followed: in these libraries they hold what a JVM would register.

# A node is a name that other libraries see, or LIBRARY:ADDRESS.
function node(address) {
    return (library, address) in name_of ? name_of[library, address] : library ":" address
}

function padded(address) {
    return substr("0000000000000000", 1, 16 - length(address)) address
}

function call(from, to) {
    calls[from] = calls[from] " " to
}

function follow(from, root,    i, count, next_ones) {
    if (from in seen) return
    seen[from] = 1
    if (from ~ /^(JVM|jio)_/) print from, root
    count = split(calls[from], next_ones, " ")
    for (i = 1; i <= count; i++) follow(next_ones[i], root)
}

$1 == "library" { library = $2; current = ""; next }

# nm: what the program wants, and what a library has.
$1 == "U" { if (!library) { sub(/@.*/, "", $2); roots[$2] = 1 } next }
library && $2 ~ /^[TtWw]$/ { sub(/@.*/, "", $3); name_of[library, padded($1)] = $3; next }

# readelf: the bounds of a function.
/ FDE / && match($0, /pc=[0-9a-f]+/) { begins[library, padded(substr($0, RSTART + 3, RLENGTH - 3))] = 1; next }

# objdump: an instruction, perhaps with the address or name of another function.
$1 ~ /^[0-9a-f]+:$/ {
    address = padded(substr($1, 1, length($1) - 1))
    if ((library, address) in begins) current = node(address)
    if (!current) next
    if (match($0, /<[A-Za-z_][A-Za-z_0-9]*@plt>/)) {
        call(current, substr($0, RSTART + 1, RLENGTH - 6))
    } else if ($2 ~ /^(call|j[a-z]+)$/ && $3 ~ /^[0-9a-f]+$/) {
        # A jump into the middle of a function is one within it, or into its part for rare cases.
        if ((library, padded($3)) in begins) call(current, node(padded($3)))
    } else if ($2 == "lea" && match($0, /# [0-9a-f]+ /)) {
        target = padded(substr($0, RSTART + 2, RLENGTH - 3))
        if ((library, target) in begins) call(current, node(target))
    }
}

END {
    roots["JNI_OnLoad"] = 1
    for (root in roots) follow(root, root)
}
