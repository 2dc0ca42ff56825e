namespace Decant.EndToEnd.Tests.Registry;

/// <summary>An image of three layers in an OCI layout, made once by umoci: a static program that says hello, and files above it.</summary>
public static class RegistryImages
{
    static readonly Lazy<string> layout = new(Make);

    /// <summary>As skopeo names it.</summary>
    public static string Source => $"oci:{layout.Value}:1";

    static string Make()
    {
        string directory = Workplace.NewDirectory(User.Root);
        Shell.Run(
            $$"""
            set -e
            cd {{directory}}
            printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' > hello.c
            gcc -static -o hello hello.c
            umoci init --layout image
            umoci new --image image:1
            umoci unpack --image image:1 bundle
            install -D hello bundle/rootfs/bin/hello
            umoci repack --image image:1 bundle
            for i in 1 2; do
              rm -rf bundle
              umoci unpack --image image:1 bundle
              head -c 2000000 /dev/urandom > bundle/rootfs/data$i
              umoci repack --image image:1 bundle
            done
            umoci config --image image:1 --config.cmd /bin/hello
            rm -rf bundle
            """).Expect(0);
        return directory + "/image";
    }
}
